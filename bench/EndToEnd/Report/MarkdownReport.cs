// The results as a page. Not: the same as data (JsonReport).

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using NbdFast.Bench.EndToEnd.Rows;
using NbdFast.Bench.EndToEnd.Servers;

namespace NbdFast.Bench.EndToEnd.Report;

/// <summary>Machine, goals, and all medians.</summary>
internal static class MarkdownReport
{
    private const double QuietPercent = 15;

    private static readonly Metric[] Columns = Enum.GetValues<Metric>();

    /// <summary>Writes the page.</summary>
    public static string Write(Outcome outcome, Surroundings surroundings)
    {
        (int met, int all) = GoalTable.Count(outcome);
        StringBuilder page = new();
        page.Append($"# {surroundings.Title}\n\n{surroundings.ToMarkdown(outcome.Peers)}\n");
        page.Append(Noise(outcome));
        page.Append($"## Goals: {met} of {all} met\n\n");
        page.Append($"Ratios of {outcome.Subject?.Name ?? "nbdfast"} to nbdkit: the median of the rounds' ratios, ");
        page.Append("with the smallest and the largest.\n\n");
        page.Append(GoalTable.Write(outcome)).Append('\n');
        page.Append("## Medians\n\n").Append(Medians(outcome)).Append('\n');
        string failures = Failures(outcome);
        if (failures.Length > 0)
            page.Append("## Not measured\n\n").Append(failures).Append('\n');
        return page.ToString().TrimEnd('\n') + "\n";
    }

    /// <summary>A warning if the machine was not ours alone, else nothing.</summary>
    public static string Noise(Outcome outcome)
    {
        double others = Statistics.Median(
            from row in outcome.Rows
            from peer in outcome.Peers
            from sample in outcome.Samples(row.Id, peer.Name)
            select sample[Metric.Others]);
        return others < QuietPercent || double.IsNaN(others)
            ? ""
            : $"**Not quiet: other processes took {FigureText.Of(others)} % of a processor in the median cell. Do not "
                + "trust speeds and latencies; processor times a little more.**\n\n";
    }

    private static string Medians(Outcome outcome)
    {
        Metric[] metrics = [.. Columns.Where(metric => IsMeasured(outcome, metric))];
        string[] heads = ["row", "server", "x req", "x cpu", .. metrics.Select(MetricText.Name)];
        MarkdownTable table = new(heads) { TextColumns = 2 };
        foreach (Row row in outcome.Rows)
            foreach (Peer peer in outcome.Peers.Where(peer => outcome.Samples(row.Id, peer.Name).Count > 0))
                table.Add(
                [
                    row.Id,
                    peer.Name,
                    FigureText.OfRatio(outcome.Speed(row.Id, peer.Name)),
                    FigureText.OfRatio(outcome.Cost(row.Id, peer.Name)),
                    .. metrics.Select(metric => FigureText.Of(outcome.Median(row.Id, peer.Name, metric))),
                ]);
        return table.ToString();
    }

    private static string Failures(Outcome outcome)
    {
        IEnumerable<string> lines =
            from row in outcome.Rows
            from peer in outcome.Peers
            let failure = outcome.Failure(row.Id, peer.Name)
            where failure != null
            select $"- {row.Id}, {peer.Name}: {failure}\n";
        return string.Concat(lines);
    }

    private static bool IsMeasured(Outcome outcome, Metric metric) =>
        outcome.Rows.Any(row => outcome.Peers.Any(
            peer => !double.IsNaN(outcome.Median(row.Id, peer.Name, metric))));
}
