// Sleeping for less than a timer of .NET can: nanosleep(2). Not: sleeping that can be ended (Api/Sleep).

using System;
using System.Runtime.InteropServices;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
    /// <summary>nanosleep(2), started again after each signal until the time is over.</summary>
    /// <param name="time">How long; nothing happens if it is not positive.</param>
    public static Errno Sleep(TimeSpan time)
    {
        if (time <= TimeSpan.Zero)
            return Errno.Ok;
        long nanoseconds = time.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick;
        var left = new TimeParts { Seconds = time.Ticks / TimeSpan.TicksPerSecond, Nanoseconds = (nint)nanoseconds };
        while (true)
        {
            Errno errno = (Errno)(-Result(nanosleep(&left, &left)));
            if (errno != Errno.EINTR)
                return errno;
        }
    }

    [DllImport("libc")]
    private static extern int nanosleep(TimeParts* req, TimeParts* rem);

    /// <summary>struct timespec of 64-bit systems.</summary>
    internal struct TimeParts
    {
        public long Seconds;
        public nint Nanoseconds;
    }
}
