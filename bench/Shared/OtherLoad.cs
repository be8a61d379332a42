// How busy other programs kept the machine while a benchmark ran, so that a table tells how far to trust it. Not: what
// the benchmark itself used.

using System;
using System.Globalization;
using System.IO;
using System.Linq;

namespace NbdFast.Bench;

/// <summary>Compares the processors' time with that of this process.</summary>
internal readonly struct OtherLoad
{
    private const double TicksPerSecond = 100;   // Of /proc/stat, on every machine.
    private const int IdleField = 3;
    private const int IoWaitField = 4;
    private const int TimeFields = 8;            // What follows is contained in the first two.

    private readonly double _allSeconds;
    private readonly double _busySeconds;
    private readonly double _ownSeconds;

    private OtherLoad(double all, double busy, double own) =>
        (_allSeconds, _busySeconds, _ownSeconds) = (all, busy, own);

    /// <summary>Begins to look.</summary>
    public static OtherLoad Begin()
    {
        string[] fields = File.ReadLines("/proc/stat").First()
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        double[] seconds =
        [
            .. fields.Skip(1).Take(TimeFields)
                .Select(ticks => double.Parse(ticks, CultureInfo.InvariantCulture) / TicksPerSecond),
        ];
        double all = seconds.Sum();
        return new OtherLoad(
            all, all - seconds[IdleField] - seconds[IoWaitField], Environment.CpuUsage.TotalTime.TotalSeconds);
    }

    /// <summary>A sentence about the time since.</summary>
    public string Tell()
    {
        OtherLoad now = Begin();
        double others = now._busySeconds - _busySeconds - (now._ownSeconds - _ownSeconds);
        double share = Math.Clamp(others / Math.Max(now._allSeconds - _allSeconds, 1 / TicksPerSecond), 0, 1);
        return $"Meanwhile other programs took {share:p0} of the machine's processors.";
    }
}
