// Clocks and counters of the process, read at the begin and at the end of a run. Not: when that is (ReplayWire).

using System;
using System.Diagnostics;

namespace NbdFast.Bench.Loop;

/// <summary>What the process has used so far.</summary>
internal readonly struct Meter
{
    private readonly long _bytes;
    private readonly TimeSpan _cpu;
    private readonly long _time;

    private Meter(long bytes, TimeSpan cpu, long time) => (_bytes, _cpu, _time) = (bytes, cpu, time);

    /// <summary>Reads them; counting allocations takes longest, so the clock is read last.</summary>
    public static Meter Begin() =>
        new(GC.GetTotalAllocatedBytes(precise: true), Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());

    /// <summary>What was used since, for each of a number of requests.</summary>
    public Measurement End(long requests)
    {
        TimeSpan wall = Stopwatch.GetElapsedTime(_time);
        TimeSpan cpu = Environment.CpuUsage.TotalTime - _cpu;
        long bytes = GC.GetTotalAllocatedBytes(precise: true) - _bytes;
        return new Measurement(
            wall.TotalNanoseconds / requests, cpu.TotalNanoseconds / requests, (double)bytes / requests);
    }

    /// <summary>The time that passed since.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_time);
}
