// What a run of the load client counted, and its form on the line that it prints. Not: ratios (Report).

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace NbdFast.Bench.EndToEnd.Load;

/// <summary>Counts of one window.</summary>
internal sealed record LoadReport
{
    /// <summary>Requests answered.</summary>
    public double Requests { get; init; }

    /// <summary>Bytes of payload moved.</summary>
    public double Bytes { get; init; }

    /// <summary>The length of the window.</summary>
    public double Nanoseconds { get; init; }

    /// <summary>Processor time of the server's processes in nanoseconds.</summary>
    public double ServerNanoseconds { get; init; }

    /// <summary>Processor time of the client in nanoseconds.</summary>
    public double ClientNanoseconds { get; init; }

    /// <summary>Processor time of everything else on the machine, within some hundredths of a second.</summary>
    public double OthersNanoseconds { get; init; }

    /// <summary>Bytes that the client allocated: 0, or the client disturbed the window.</summary>
    public double Allocated { get; init; }

    /// <summary>The server's peak memory in bytes.</summary>
    public double PeakBytes { get; init; }

    /// <summary>The median latency in nanoseconds.</summary>
    public double P50 { get; init; }

    /// <summary>The 99th percentile in nanoseconds.</summary>
    public double P99 { get; init; }

    /// <summary>The 99.9th percentile in nanoseconds.</summary>
    public double P999 { get; init; }

    /// <summary>One line of <c>key=value</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"requests={Requests} bytes={Bytes} ns={Nanoseconds} server={ServerNanoseconds} client={ClientNanoseconds} "
        + $"others={OthersNanoseconds} allocated={Allocated} peak={PeakBytes} p50={P50} p99={P99} p999={P999}");

    /// <summary>Reads such a line.</summary>
    public static LoadReport Parse(string line)
    {
        Dictionary<string, double> values = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(item => item.Split('='))
            .ToDictionary(
                parts => parts[0],
                parts => double.Parse(parts[1], CultureInfo.InvariantCulture),
                StringComparer.Ordinal);
        return new LoadReport
        {
            Requests = values["requests"],
            Bytes = values["bytes"],
            Nanoseconds = values["ns"],
            ServerNanoseconds = values["server"],
            ClientNanoseconds = values["client"],
            OthersNanoseconds = values["others"],
            Allocated = values["allocated"],
            PeakBytes = values["peak"],
            P50 = values["p50"],
            P99 = values["p99"],
            P999 = values["p999"],
        };
    }
}
