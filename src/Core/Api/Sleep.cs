// Sleeping that ends when the server does. Not: timers.

using System;
using System.Diagnostics;
using System.Threading;
using NbdFast.Native;

namespace NbdFast;

/// <summary>Sleeping for units that delay requests (nbdkit_nanosleep(3)).</summary>
public static class Sleep
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);
    private static readonly ManualResetEventSlim Ending = new(false);

    /// <summary>Sleeps.</summary>
    /// <param name="time">How long; nothing happens if it is not positive.</param>
    /// <returns><see cref="Errno.Ok"/> after the whole time, <see cref="Errno.ESHUTDOWN"/> as soon as the server
    /// ends.</returns>
    public static Errno For(TimeSpan time)
    {
        if (time <= TimeSpan.Zero)
            return Errno.Ok;

        // Events count in milliseconds, may end a little early and take no more than 24 days at once.
        long start = Stopwatch.GetTimestamp();
        for (TimeSpan left = time; left > TimeSpan.Zero; left = time - Stopwatch.GetElapsedTime(start))
        {
            if (left < Millisecond)
                return Libc.Sleep(left);   // Too short to be worth waking from.
            if (Ending.Wait(left < LongestWait ? left : LongestWait))
                return Errno.ESHUTDOWN;
        }

        return Errno.Ok;
    }

    /// <summary>The server ends: nobody sleeps any longer.</summary>
    internal static void WakeAll() => Ending.Set();
}
