// A place in a plugin where requests wait until the test lets them go. Not: a lock.

using System;
using System.Threading;

namespace NbdFast.Core.Tests.Server;

/// <summary>Counts who waits. A request that nobody lets go fails after a while, so that a test ends whatever
/// happens.</summary>
internal sealed class Barrier
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly object _lock = new();
    private bool _open;
    private int _waiting;

    /// <summary>The most that ever waited at once.</summary>
    public int Most { get; private set; }

    /// <summary>Waits until the barrier is open.</summary>
    /// <returns>EIO if that takes too long.</returns>
    public Errno Pass()
    {
        lock (_lock)
        {
            Most = Math.Max(Most, ++_waiting);
            Monitor.PulseAll(_lock);
            bool passed = WaitUntil(() => _open);
            _waiting--;
            return passed ? Errno.Ok : Errno.EIO;
        }
    }

    /// <summary>Returns when so many wait.</summary>
    public void WaitFor(int count)
    {
        lock (_lock)
            Assert.True(WaitUntil(() => _waiting >= count), $"{count} should wait, {_waiting} do");
    }

    /// <summary>Lets everybody go, now and later.</summary>
    public void Open()
    {
        lock (_lock)
        {
            _open = true;
            Monitor.PulseAll(_lock);
        }
    }

    private bool WaitUntil(Func<bool> condition)
    {
        long end = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (!condition())
        {
            long left = end - Environment.TickCount64;
            if (left <= 0)
                return false;
            Monitor.Wait(_lock, (int)left);
        }

        return true;
    }
}
