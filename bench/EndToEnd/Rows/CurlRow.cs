// curl itself, without any NBD server: what can be had from the web server. Not: a server before it (NbdcopyRow).

using System.Collections.Generic;
using System.IO;
using NbdFast.Bench.EndToEnd.Native;
using NbdFast.Bench.EndToEnd.Servers;

namespace NbdFast.Bench.EndToEnd.Rows;

/// <summary><c>curl -o</c> of the file that the rows of <see cref="Backend.Web"/> serve. Measured in nbdfast's turn, so
/// that the ratio of each round is one of neighbours.</summary>
/// <param name="id">A short name without blanks.</param>
/// <param name="toFile">Into a file, else to nowhere.</param>
internal sealed class CurlRow(string id, bool toFile) : Row(id, [])
{
    private readonly bool _hasTools = Tool.Find("curl") != null && Tool.Find(WebServer.Program) != null;

    /// <inheritdoc/>
    public override DiskLength Disk => DiskLength.Long;

    /// <inheritdoc/>
    public override bool Includes(Peer peer) => _hasTools && peer.Kind == ServerKind.NbdFast;

    /// <inheritdoc/>
    public override Sample Measure(Peer peer, Stage stage, Timing timing)
    {
        string url = stage.Url;
        string target = toFile ? stage.CopiedFile : "/dev/null";
        double bytes = stage.DiskBytes;
        long before = Clock.OfChildren();
        ToolResult result = Tool.Succeed("curl", ["-s", "-S", "-f", "-o", target, url]);
        double used = Clock.OfChildren() - before;
        File.Delete(stage.CopiedFile);
        return new Sample
        {
            [Metric.Throughput] = bytes / (1 << 20) / result.Seconds,
            [Metric.Wall] = result.Seconds * 1e3,
            [Metric.ServerPerGiB] = used / 1e9 / (bytes / (1 << 30)),
        };
    }
}
