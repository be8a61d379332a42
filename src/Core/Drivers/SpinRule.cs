// When a thread looks for the next request a little longer before it sleeps. Not: the looking (ThreadDriver).

using System;
using System.Diagnostics;

namespace NbdFast.Drivers;

/// <summary>
/// A client that waits for each reply sends its next request within microseconds; putting a core to sleep and waking it
/// takes several times as long. So a thread spins for a moment, but only while it is the only one that is awake, there
/// is another core for the client, and spinning has lately been worth it.
/// </summary>
internal struct SpinRule
{
    /// <summary>Measured: a round trip of one request at a time takes 14 to 17 us.</summary>
    public const int MostMicroseconds = 20;

    private const int MostSkipped = 1024;

    private static readonly long MostTicks = Stopwatch.Frequency * MostMicroseconds / 1_000_000;
    private static readonly bool HasOtherCore = Environment.ProcessorCount > 1;

    private int _skip;
    private int _toSkip;

    /// <summary>Says whether to spin now.</summary>
    /// <param name="crowd">The connections.</param>
    [HotPath]
    public bool Spins(Crowd crowd)
    {
        if (!HasOtherCore || !crowd.IsAlone)
            return false;
        if (_toSkip == 0)
            return true;
        _toSkip--;
        return false;
    }

    /// <summary>When a spin that begins now has to end, in ticks of <see cref="Stopwatch"/>.</summary>
    [HotPath]
    public static long End() => Stopwatch.GetTimestamp() + MostTicks;

    /// <summary>What came of a spin: after each in vain, twice as many waits go without.</summary>
    [HotPath]
    public void Learn(bool found)
    {
        _skip = found ? 0 : Math.Min(MostSkipped, Math.Max(1, _skip * 2));
        _toSkip = _skip;
    }
}
