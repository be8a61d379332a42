// What a server needs while nobody asks for anything. Not: what it needs under load (LoadRow).

using System.Collections.Generic;
using System.Threading;
using NbdFast.Bench.EndToEnd.Load;
using NbdFast.Bench.EndToEnd.Servers;

namespace NbdFast.Bench.EndToEnd.Rows;

/// <summary>Memory and threads of a server with a number of connections, each of which has had one request
/// answered.</summary>
internal sealed class IdleRow(string id, int connections, IReadOnlyList<Goal> goals) : Row(id, goals)
{
    private const int SettleMs = 300;   // For what a server does a little after a request: give buffers back.

    /// <inheritdoc/>
    public override bool Includes(Peer peer) => CommandLine.Has(peer.Kind, Backend.Null);

    /// <inheritdoc/>
    public override Sample Measure(Peer peer, Stage stage, Timing timing)
    {
        using RunningServer server = RunningServer.Start(peer, Backend.Null, tcp: false, stage);
        LoadOptions options = new() { Socket = server.Endpoint.Socket, DiskBytes = stage.DiskBytes, Zeros = true };
        List<LoadConnection> open = [];
        try
        {
            LatencyHistogram latencies = new();
            byte[] buffer = new byte[64 << 10];
            for (int i = 0; i < connections; i++)
            {
                LoadConnection connection = new(options, i, latencies);
                open.Add(connection);
                connection.Submit(0, more: true);
                while (connection.UnderWay > 0)
                    _ = connection.Receive(buffer, wait: true);
            }

            Thread.Sleep(SettleMs);
            ServerTime time = ServerTime.Of(server.ProcessId);
            return new Sample
            {
                [Metric.Memory] = (double)time.PresentBytes() / (1 << 20),
                [Metric.Threads] = time.Threads(),
            };
        }
        finally
        {
            foreach (LoadConnection connection in open)
                connection.Dispose();
        }
    }
}
