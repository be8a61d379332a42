// When a thread looks for the next request a little longer before it sleeps. Not: the looking (ThreadDriver).

using System;
using System.Diagnostics;
using NbdFast.Diagnostics;
using NbdFast.Native;

namespace NbdFast.Drivers;

/// <summary>
/// A client that waits for each reply sends its next request within microseconds; putting a core to sleep and waking it
/// takes several times as long. So a thread spins for a moment, but only while it is the only one that is awake, there
/// is another core for the client, and spinning has lately been worth it. Where others keep the cores busy the client
/// gets the core of the thread that spins, which the kernel has to take from it: measured on two cores, one of them
/// busy with something else, spinning then halves what 16 requests under way can do.
/// </summary>
internal struct SpinRule
{
    // So many spins in vain in a row are borne; then only one wait in so many is tried.
    private const int MostCredit = 16;
    private const int ProbeEvery = 64;

    // After so many spins the thread asks how often it was preempted; every other time is too often, and it does
    // not spin for so many waits.
    private const int SpinsPerLook = 32;
    private const int MostPreemptions = SpinsPerLook / 2;
    private const int WaitsWithout = 2048;

    // What a client sends that asks for one thing and then waits: the header of a request. After more than that a
    // connection with encrypted records does not spin for so many waits.
    private const nint OneRequestBytes = 28;
    private const int WaitsAfterBatch = 256;

    private static readonly bool HasOtherCore = Environment.ProcessorCount > 1;

    private int _credit = MostCredit / 2;
    private int _waits;
    private int _spins;
    private int _without;
    private long _preemptions = long.MaxValue;
    private int _afterBatch;

    public SpinRule()
    {
    }

    /// <summary>Says whether to spin now.</summary>
    /// <param name="crowd">The connections.</param>
    [HotPath]
    public bool Spins(Crowd crowd)
    {
        // Threads of real time, as those that serve swap are, would keep everybody else off the core.
        if (!HasOtherCore || ServerControl.ServesSwap || DebugFlags.SpinMicroseconds == 0 || !crowd.IsAlone)
            return false;
        if (_without > 0)
        {
            _without--;
            return false;
        }

        return _credit > 0 || ++_waits % ProbeEvery == 0;
    }

    /// <summary>Says whether spinning suits a connection whose bytes come in encrypted records: each costs so much that
    /// a client with many requests under way is served better, and with less, if they gather while the thread sleeps.
    /// Measured with 64 of them: spinning took 0.4 more processor time for each, and a sixth fewer were
    /// served.</summary>
    /// <param name="last">The bytes that were received last.</param>
    [HotPath]
    public bool SuitsRecords(nint last)
    {
        _afterBatch = last > OneRequestBytes ? WaitsAfterBatch : Math.Max(0, _afterBatch - 1);
        return _afterBatch == 0;
    }

    /// <summary>When a spin that begins now has to end, in ticks of <see cref="Stopwatch"/>.</summary>
    [HotPath]
    public static long End() =>
        Stopwatch.GetTimestamp() + (Stopwatch.Frequency * DebugFlags.SpinMicroseconds / 1_000_000);

    /// <summary>What came of a spin.</summary>
    [HotPath]
    public void Learn(bool found)
    {
        _credit = found ? Math.Min(MostCredit, _credit + 2) : Math.Max(0, _credit - 1);
        if (++_spins % SpinsPerLook == 0)
            LookAtPreemptions(Libc.Preemptions());
    }

    /// <summary>What the kernel says after <see cref="SpinsPerLook"/> spins.</summary>
    /// <param name="preemptions">How often the thread was preempted so far.</param>
    [HotPath]
    internal void LookAtPreemptions(long preemptions)
    {
        if (preemptions - _preemptions > MostPreemptions)
            _without = WaitsWithout;
        _preemptions = preemptions;
    }
}
