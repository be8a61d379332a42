// fio's NBD engine, which is a client of libnbd's. Not: our own client (LoadRow).

using System;
using System.Collections.Generic;
using System.Text.Json;
using NbdFast.Bench.EndToEnd.Load;
using NbdFast.Bench.EndToEnd.Servers;

namespace NbdFast.Bench.EndToEnd.Rows;

/// <summary>Reads or writes blocks of 4 KiB at random for a second.</summary>
/// <param name="id">A short name without blanks.</param>
/// <param name="goals">What nbdfast must reach.</param>
/// <param name="writes">Write instead.</param>
/// <param name="depth">How many at a time.</param>
internal sealed class FioRow(string id, IReadOnlyList<Goal> goals, bool writes = false, int depth = 64)
    : ToolRow(id, "fio", Backend.Memory, goals)
{
    /// <inheritdoc/>
    protected override Sample Run(Endpoint endpoint, Stage stage, out double bytes)
    {
        string direction = writes ? "write" : "read";
        ToolResult result = Tool.Succeed("fio",
        [
            "--name=read", "--ioengine=nbd", $"--uri={endpoint.Uri}", $"--rw=rand{direction}", "--bs=4k",
            $"--iodepth={depth}",
            $"--size={stage.DiskBytes}", "--time_based", "--runtime=1", "--output-format=json", "--randseed=1",
        ]);
        // Notes of fio may stand before its JSON.
        int start = result.Output.IndexOf('{', StringComparison.Ordinal);
        if (start < 0)
            throw new LoadException("fio printed no results");
        using JsonDocument json = JsonDocument.Parse(result.Output.AsMemory(start));
        JsonElement read = json.RootElement.GetProperty("jobs")[0].GetProperty(direction);
        JsonElement percentiles = read.GetProperty("clat_ns").GetProperty("percentile");
        bytes = read.GetProperty("io_bytes").GetDouble();
        return new Sample
        {
            Operations = read.GetProperty("total_ios").GetDouble(),
            [Metric.Requests] = read.GetProperty("iops").GetDouble(),
            [Metric.Throughput] = read.GetProperty("bw_bytes").GetDouble() / (1 << 20),
            [Metric.P50] = percentiles.GetProperty("50.000000").GetDouble() / 1e3,
            [Metric.P99] = percentiles.GetProperty("99.000000").GetDouble() / 1e3,
            [Metric.P999] = percentiles.GetProperty("99.900000").GetDouble() / 1e3,
        };
    }
}
