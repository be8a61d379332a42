// Sleeping that ends when the server does. Not: timers.

using System;
using System.Threading;

namespace NbdFast;

/// <summary>Sleeping for units that delay requests (nbdkit_nanosleep(3)).</summary>
public static class Sleep
{
    private static readonly ManualResetEventSlim Ending = new(false);

    /// <summary>Sleeps.</summary>
    /// <param name="time">How long; nothing happens if it is not positive.</param>
    /// <returns><see cref="Errno.Ok"/> after the whole time, <see cref="Errno.ESHUTDOWN"/> as soon as the server
    /// ends.</returns>
    public static Errno For(TimeSpan time)
    {
        if (time <= TimeSpan.Zero)
            return Errno.Ok;
        return Ending.Wait(time) ? Errno.ESHUTDOWN : Errno.Ok;
    }

    internal static void WakeAll() => Ending.Set();
}
