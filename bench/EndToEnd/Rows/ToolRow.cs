// What the rows with other people's clients have in common: a server, a full disk, processor time around the client.
// Not: the clients (the classes that derive from it).

using System.Collections.Generic;
using NbdFast.Bench.EndToEnd.Load;
using NbdFast.Bench.EndToEnd.Servers;

namespace NbdFast.Bench.EndToEnd.Rows;

/// <summary>A row that a program measures.</summary>
internal abstract class ToolRow(string id, string tool, Backend backend, IReadOnlyList<Goal> goals) : Row(id, goals)
{
    private readonly bool _hasTool = Tool.Find(tool) != null;

    /// <summary>What the server serves.</summary>
    protected Backend Backend => backend;

    /// <summary>The client uses TLS, with certificates.</summary>
    public bool IsTls { get; init; }

    /// <inheritdoc/>
    public override bool Includes(Peer peer) => _hasTool && CommandLine.Has(peer.Kind, backend)
        && (!IsTls || (peer.Kind is ServerKind.NbdFast or ServerKind.Nbdkit && Tool.Find("certtool") != null));

    /// <inheritdoc/>
    public sealed override Sample Measure(Peer peer, Stage stage, Timing timing)
    {
        using RunningServer server = RunningServer.Start(peer, backend, tcp: false, stage, IsTls);
        if (backend == Backend.Memory && NeedsData)
            DiskFiller.Fill(new LoadOptions
            {
                Socket = server.Endpoint.Socket,
                Export = server.Endpoint.Export,
                DiskBytes = stage.DiskBytes,
            });
        ServerTime time = ServerTime.Of(server.ProcessId);
        long before = time.Now();
        Sample sample = Run(server.Endpoint, stage, out double bytes);
        // A process that was forked for the client's connection may have ended with it, its time then being unknown.
        bool forks = peer.Kind == ServerKind.NbdServer;
        double used = forks ? double.NaN : time.Now() - before;
        sample[Metric.ServerPerGiB] = used / 1e9 / (bytes / (1 << 30));
        if (sample.Operations > 0)
            sample[Metric.ServerPerRequest] = used / 1e3 / sample.Operations;
        sample[Metric.Memory] = (double)time.PeakBytes() / (1 << 20);
        return sample;
    }

    /// <summary>The disk has to be full before.</summary>
    protected virtual bool NeedsData => true;

    /// <summary>Runs the client.</summary>
    /// <param name="endpoint">The server.</param>
    /// <param name="stage">The disk's size.</param>
    /// <param name="bytes">What was moved.</param>
    protected abstract Sample Run(Endpoint endpoint, Stage stage, out double bytes);
}
