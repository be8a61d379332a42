// Processor time of this and of other processes, in nanoseconds. Not: wall time (Stopwatch).

using System.Runtime.InteropServices;

namespace NbdFast.Bench.EndToEnd.Native;

/// <summary>The processor clocks of clock_gettime(2): exact, and with the time of threads that have ended.</summary>
internal static unsafe class Clock
{
    private const int OwnProcess = 2;       // CLOCK_PROCESS_CPUTIME_ID
    private const int ScheduledTime = 2;    // CPUCLOCK_SCHED, the kind of a clock that is made from a process number.

    /// <summary>User and system time of this process in nanoseconds.</summary>
    public static long OfThisProcess() => Read(OwnProcess);

    /// <summary>User and system time of all threads of a process in nanoseconds, 0 if it is gone.</summary>
    public static long OfProcess(int process) => Read((~process << 3) | ScheduledTime);

    private static long Read(int clock)
    {
        TimeParts time = default;
        return clock_gettime(clock, &time) == 0 ? (time.Seconds * 1_000_000_000) + time.Nanoseconds : 0;
    }

    private struct TimeParts
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [DllImport("libc")]
    private static extern int clock_gettime(int clock, TimeParts* time);
}
