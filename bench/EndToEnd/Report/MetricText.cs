// What figures are called. Not: what they mean (bench/README.md says it).

using System;
using NbdFast.Bench.EndToEnd.Rows;

namespace NbdFast.Bench.EndToEnd.Report;

/// <summary>Names of metrics, with their units.</summary>
internal static class MetricText
{
    /// <summary>The name that heads a column.</summary>
    public static string Name(Metric metric) => metric switch
    {
        Metric.Requests => "req/s",
        Metric.Throughput => "MiB/s",
        Metric.P50 => "p50 us",
        Metric.P99 => "p99 us",
        Metric.P999 => "p99.9 us",
        Metric.ServerPerRequest => "cpu us/req",
        Metric.ServerPerGiB => "cpu s/GiB",
        Metric.ClientPerRequest => "client us/req",
        Metric.Memory => "RSS MiB",
        Metric.Threads => "threads",
        Metric.Wall => "wall ms",
        Metric.Others => "others %",
        _ => throw new ArgumentOutOfRangeException(nameof(metric)),
    };
}
