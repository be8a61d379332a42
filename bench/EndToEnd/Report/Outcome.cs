// Everything that was measured, by row, server and round. Not: its form (MarkdownReport, JsonReport).

using System;
using System.Collections.Generic;
using System.Linq;
using NbdFast.Bench.EndToEnd.Rows;
using NbdFast.Bench.EndToEnd.Servers;

namespace NbdFast.Bench.EndToEnd.Report;

/// <summary>The samples of a run.</summary>
internal sealed class Outcome(IReadOnlyList<Row> rows, IReadOnlyList<Peer> peers)
{
    private readonly Dictionary<(string Row, string Peer), List<Sample>> _samples = [];

    /// <summary>The rows.</summary>
    public IReadOnlyList<Row> Rows => rows;

    /// <summary>The servers.</summary>
    public IReadOnlyList<Peer> Peers => peers;

    /// <summary>Whose goals are judged: the first nbdfast, or null.</summary>
    public Peer? Subject { get; } = peers.FirstOrDefault(peer => peer.Kind == ServerKind.NbdFast);

    /// <summary>Adds the sample of the next round.</summary>
    public void Add(string row, string peer, Sample sample)
    {
        if (!_samples.TryGetValue((row, peer), out List<Sample>? samples))
            _samples[(row, peer)] = samples = [];
        samples.Add(sample);
    }

    /// <summary>The samples of a cell in the order of the rounds, none if it was not measured.</summary>
    public IReadOnlyList<Sample> Samples(string row, string peer) =>
        _samples.TryGetValue((row, peer), out List<Sample>? samples) ? samples : [];

    /// <summary>The median of a figure, NaN if there is none.</summary>
    public double Median(string row, string peer, Metric metric) => Statistics.Median(Values(row, peer, metric));

    /// <summary>The ratios to nbdkit's figure, round by round.</summary>
    public IReadOnlyList<double> Ratios(string row, string peer, Metric metric) =>
        RatiosTo(Values(row, peer, metric), Values(row, Peer.Baseline, metric));

    /// <summary>The median of these ratios.</summary>
    public double Ratio(string row, string peer, Metric metric) => Statistics.Median(Ratios(row, peer, metric));

    /// <summary>How many times as fast as nbdkit: by requests, by bytes, or by the time that something takes.</summary>
    public double Speed(string row, string peer)
    {
        double ratio = Ratio(row, peer, Metric.Requests);
        if (double.IsNaN(ratio))
            ratio = Ratio(row, peer, Metric.Throughput);
        return double.IsNaN(ratio) ? 1 / Ratio(row, peer, Metric.Wall) : ratio;
    }

    /// <summary>The processor time beside nbdkit's: for each request, or else for each byte.</summary>
    public double Cost(string row, string peer)
    {
        double ratio = Ratio(row, peer, Metric.ServerPerRequest);
        return double.IsNaN(ratio) ? Ratio(row, peer, Metric.ServerPerGiB) : ratio;
    }

    /// <summary>The ratio, or for an absolute goal the figure, that a goal of nbdfast's is about.</summary>
    public double Ratio(Row row, Goal goal)
    {
        if (Subject == null)
            return double.NaN;
        if (goal.IsAbsolute)
            return Median(row.Id, Subject.Name, goal.Metric);
        return goal.BaseRow == null
            ? Ratio(row.Id, Subject.Name, goal.Metric)
            : Statistics.Median(RatiosTo(
                Values(row.Id, Subject.Name, goal.Metric), Values(goal.BaseRow, Subject.Name, goal.Metric)));
    }

    /// <summary>The server with the best figure besides the baseline and all builds of nbdfast.</summary>
    public Peer? BestOther(string row, Metric metric, bool most) =>
        peers.Where(peer => peer.Kind != ServerKind.NbdFast && peer.Name != Peer.Baseline)
            .Where(peer => !double.IsNaN(Ratio(row, peer.Name, metric)))
            .OrderBy(peer => Ratio(row, peer.Name, metric) * (most ? -1 : 1))
            .FirstOrDefault();

    /// <summary>Why a cell has no figures, or null.</summary>
    public string? Failure(string row, string peer) =>
        Samples(row, peer).Select(sample => sample.Failure).FirstOrDefault(failure => failure != null);

    private List<double> Values(string row, string peer, Metric metric) =>
        [.. Samples(row, peer).Select(sample => sample[metric])];

    // A run that was broken off may have a round more of one than of the other.
    private static IReadOnlyList<double> RatiosTo(List<double> values, List<double> baseValues)
    {
        int rounds = Math.Min(values.Count, baseValues.Count);
        return Statistics.Ratios(values[..rounds], baseValues[..rounds]);
    }
}
