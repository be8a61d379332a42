// From nothing to a server that has run a command: the start-up, and its processor time. Not: serving.

using System.Collections.Generic;
using System.Diagnostics;
using NbdFast.Bench.EndToEnd.Load;
using NbdFast.Bench.EndToEnd.Native;
using NbdFast.Bench.EndToEnd.Servers;
using NbdFast.Native;

namespace NbdFast.Bench.EndToEnd.Rows;

/// <summary><c>SERVER null --run true</c>, twenty times in each cell.</summary>
internal sealed class StartRow(string id, IReadOnlyList<Goal> goals) : Row(id, goals)
{
    private const int Starts = 20;

    /// <inheritdoc/>
    public override bool Includes(Peer peer) => peer.Kind is ServerKind.NbdFast or ServerKind.Nbdkit;

    /// <inheritdoc/>
    public override Sample Measure(Peer peer, Stage stage, Timing timing)
    {
        List<double> walls = [];
        List<double> processors = [];
        for (int i = 0; i < Starts; i++)
        {
            long usedBefore = Clock.OfChildren();
            long begin = Stopwatch.GetTimestamp();
            int process = Libc.Spawn(peer.Path, [peer.Path, "null", "--run", "true"]);
            if (process < 0)
                throw new LoadException($"{peer.Name} cannot be started: {(Errno)(-process)}");
            Errno errno = Libc.WaitForChild(process, out int status);
            walls.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            processors.Add((Clock.OfChildren() - usedBefore) / 1e3);
            if (errno != Errno.Ok || status != 0)
                throw new LoadException($"{peer.Name} null --run true ended with {status}");
        }

        return new Sample
        {
            [Metric.Wall] = Report.Statistics.Median(walls),
            [Metric.ServerPerRequest] = Report.Statistics.Median(processors),
        };
    }
}
