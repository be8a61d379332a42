// The figures of one cell in one round. Not: medians (Report/Statistics).

using System.Collections.Generic;
using NbdFast.Bench.EndToEnd.Load;

namespace NbdFast.Bench.EndToEnd.Rows;

/// <summary>Figures by their metric, or the reason why there are none.</summary>
internal sealed class Sample
{
    private const double GiB = 1 << 30;

    /// <summary>The figures.</summary>
    public Dictionary<Metric, double> Figures { get; } = [];

    /// <summary>Null, or why the cell could not be measured.</summary>
    public string? Failure { get; private init; }

    /// <summary>Requests that were made in all, 0 if nobody counted.</summary>
    public double Operations { get; init; }

    /// <summary>A cell that could not be measured.</summary>
    public static Sample Failed(string reason) => new() { Failure = reason };

    /// <summary>A figure, NaN if it was not measured.</summary>
    public double this[Metric metric]
    {
        get => Figures.GetValueOrDefault(metric, double.NaN);
        set => Figures[metric] = value;
    }

    /// <summary>What the load client counted.</summary>
    public static Sample Of(LoadReport report)
    {
        double seconds = report.Nanoseconds / 1e9;
        return new Sample
        {
            [Metric.Requests] = report.Requests / seconds,
            [Metric.Throughput] = report.Bytes / seconds / (1 << 20),
            [Metric.P50] = report.P50 / 1e3,
            [Metric.P99] = report.P99 / 1e3,
            [Metric.P999] = report.P999 / 1e3,
            [Metric.ServerPerRequest] = report.ServerNanoseconds / report.Requests / 1e3,
            [Metric.ServerPerGiB] = report.ServerNanoseconds / 1e9 / (report.Bytes / GiB),
            [Metric.ClientPerRequest] = report.ClientNanoseconds / report.Requests / 1e3,
            [Metric.Memory] = report.PeakBytes / (1 << 20),
            [Metric.Others] = report.OthersNanoseconds / report.Nanoseconds * 100,
        };
    }
}
