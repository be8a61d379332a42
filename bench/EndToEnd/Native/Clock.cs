// Processor time of this and of other processes, in nanoseconds. Not: wall time (Stopwatch).

using System.Runtime.InteropServices;

namespace NbdFast.Bench.EndToEnd.Native;

/// <summary>The processor clocks of clock_gettime(2): exact, and with the time of threads that have ended.</summary>
internal static unsafe class Clock
{
    private const int OwnProcess = 2;       // CLOCK_PROCESS_CPUTIME_ID
    private const int Children = -1;        // RUSAGE_CHILDREN
    private const int ScheduledTime = 2;    // CPUCLOCK_SCHED, the kind of a clock that is made from a process number.

    /// <summary>User and system time of this process in nanoseconds.</summary>
    public static long OfThisProcess() => Read(OwnProcess);

    /// <summary>User and system time of all threads of a process in nanoseconds, 0 if it is gone.</summary>
    public static long OfProcess(int process) => Read((~process << 3) | ScheduledTime);

    /// <summary>User and system time of all children that were waited for, and of theirs, in nanoseconds, exact to
    /// the microsecond.</summary>
    public static long OfChildren()
    {
        // struct rusage: two times of 16 bytes, then 14 numbers.
        long* usage = stackalloc long[18];
        return getrusage(Children, usage) == 0
            ? ((usage[0] + usage[2]) * 1_000_000_000) + ((usage[1] + usage[3]) * 1000)
            : 0;
    }

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
    private static extern int getrusage(int who, long* usage);

    [DllImport("libc")]
    private static extern int clock_gettime(int clock, TimeParts* time);
}
