// qemu-img convert, reading from the server. Not: nbdcopy (NbdcopyRow).

using System.Collections.Generic;
using NbdFast.Bench.EndToEnd.Servers;

namespace NbdFast.Bench.EndToEnd.Rows;

/// <summary>Copies a disk from the server into qemu's null driver.</summary>
internal sealed class ConvertRow(string id, Backend backend, IReadOnlyList<Goal> goals)
    : ToolRow(id, "qemu-img", backend, goals)
{
    /// <inheritdoc/>
    public override DiskLength Disk => DiskLength.Long;

    /// <inheritdoc/>
    protected override Sample Run(Endpoint endpoint, Stage stage, out double bytes)
    {
        bytes = stage.DiskBytes;
        ToolResult result = Tool.Succeed("qemu-img",
        [
            "convert", "-n", "-f", "raw", endpoint.Uri,
            "--target-image-opts", $"driver=null-co,size={stage.DiskBytes}",
        ]);
        return new Sample
        {
            [Metric.Throughput] = bytes / (1 << 20) / result.Seconds,
            [Metric.Wall] = result.Seconds * 1e3,
        };
    }
}
