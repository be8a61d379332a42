// nbdcopy, which has four connections and 64 requests of 256 KiB on each. Not: qemu's copying (ConvertRow).

using System.Collections.Generic;
using System.IO;
using NbdFast.Bench.EndToEnd.Servers;

namespace NbdFast.Bench.EndToEnd.Rows;

/// <summary>Copies a disk from the server to nowhere or into a file, or from a server of zeros to this one.</summary>
internal sealed class NbdcopyRow(string id, Backend backend, bool writes, IReadOnlyList<Goal> goals)
    : ToolRow(id, "nbdcopy", backend, goals)
{
    /// <summary>Copies into a file, not to nowhere.</summary>
    public bool IsToFile { get; init; }

    /// <summary>One connection with one request at a time, as of simple clients.</summary>
    public bool IsSimple { get; init; }

    /// <inheritdoc/>
    public override DiskLength Disk => DiskLength.Long;

    /// <inheritdoc/>
    protected override bool NeedsData => true;   // Of a target also, so that what is measured are no page faults.

    /// <inheritdoc/>
    protected override Sample Run(Endpoint endpoint, Stage stage, out double bytes)
    {
        bytes = stage.DiskBytes;
        ToolResult result = writes ? Fill(endpoint, stage) : Drain(endpoint, stage);
        return new Sample
        {
            [Metric.Throughput] = bytes / (1 << 20) / result.Seconds,
            [Metric.Wall] = result.Seconds * 1e3,
        };
    }

    private ToolResult Drain(Endpoint endpoint, Stage stage)
    {
        string[] way = IsSimple ? ["--connections=1", "--requests=1", "--synchronous"] : [];
        string target = IsToFile ? stage.CopiedFile : "null:";
        ToolResult result = Tool.Succeed("nbdcopy", [.. way, endpoint.Uri, target]);
        File.Delete(stage.CopiedFile);
        return result;
    }

    // The source is the same for all servers. Without these two options nbdcopy would send no data at all, since it is
    // zeros.
    private static ToolResult Fill(Endpoint endpoint, Stage stage)
    {
        using RunningServer source = RunningServer.Start(stage.Source, Backend.Null, tcp: false, stage);
        return Tool.Succeed("nbdcopy", ["--no-extents", "--sparse=0", source.Endpoint.Uri, endpoint.Uri]);
    }
}
