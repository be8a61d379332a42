// How busy a loop is. Not: what follows from that (LoopDriver).

using System.Diagnostics;

namespace NbdFast.Drivers;

/// <summary>Measures, over windows of a tenth of a second, how much of its time a loop does not wait.</summary>
internal struct LoopLoad
{
    // Of a window; above it a loop is what its connections wait for.
    private const double BusyShare = 0.9;

    private static readonly long WindowTicks = Stopwatch.Frequency / 10;

    private long _windowStart;
    private long _waitStart;
    private long _waited;

    /// <summary>The loop begins to wait.</summary>
    [HotPath]
    public void BeginWait() => _waitStart = Stopwatch.GetTimestamp();

    /// <summary>It goes on.</summary>
    /// <returns>True if a window has just ended in which the loop hardly waited.</returns>
    [HotPath]
    public bool EndWait()
    {
        long now = Stopwatch.GetTimestamp();
        _waited += now - _waitStart;
        long length = now - _windowStart;
        if (length < WindowTicks)
            return false;
        bool isBusy = _waited < (1 - BusyShare) * length && length < 2 * WindowTicks;
        _windowStart = now;
        _waited = 0;
        return isBusy;
    }
}
