// nbdcopy, which has four connections and 64 requests of 256 KiB on each. Not: qemu's copying (ConvertRow).

using System.Collections.Generic;
using NbdFast.Bench.EndToEnd.Servers;

namespace NbdFast.Bench.EndToEnd.Rows;

/// <summary>Copies a disk from the server to nowhere, or from a server of zeros to this one.</summary>
internal sealed class NbdcopyRow(string id, Backend backend, bool writes, IReadOnlyList<Goal> goals)
    : ToolRow(id, "nbdcopy", backend, goals)
{
    /// <inheritdoc/>
    protected override bool NeedsData => true;   // Of a target also, so that what is measured are no page faults.

    /// <inheritdoc/>
    protected override Sample Run(Endpoint endpoint, Stage stage, out double bytes)
    {
        bytes = stage.DiskBytes;
        ToolResult result = writes ? Fill(endpoint, stage) : Tool.Succeed("nbdcopy", [endpoint.Uri, "null:"]);
        return new Sample
        {
            [Metric.Throughput] = bytes / (1 << 20) / result.Seconds,
            [Metric.Wall] = result.Seconds * 1e3,
        };
    }

    // The source is the same for all servers. Without these two options nbdcopy would send no data at all, since it is
    // zeros.
    private static ToolResult Fill(Endpoint endpoint, Stage stage)
    {
        using RunningServer source = RunningServer.Start(stage.Source, Backend.Null, tcp: false, stage);
        return Tool.Succeed("nbdcopy", ["--no-extents", "--sparse=0", source.Endpoint.Uri, endpoint.Uri]);
    }
}
