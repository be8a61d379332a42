// The goals and what was reached. Not: the goals themselves (Rows/RowTable).

using System.Collections.Generic;
using System.Linq;
using NbdFast.Bench.EndToEnd.Rows;
using NbdFast.Bench.EndToEnd.Servers;

namespace NbdFast.Bench.EndToEnd.Report;

/// <summary>A line for each goal of the rows that were measured.</summary>
internal static class GoalTable
{
    /// <summary>The table as Markdown.</summary>
    public static string Write(Outcome outcome)
    {
        MarkdownTable table = new(
            "row", "figure", "verdict", "goal", "reached", "from - to", "best other server", "its ratio")
        {
            TextColumns = 3,
        };
        foreach (Row row in outcome.Rows)
            foreach (Goal goal in row.Goals)
                table.Add(Line(outcome, row, goal));
        return table.ToString();
    }

    /// <summary>How many goals are met, and how many there are.</summary>
    public static (int Met, int All) Count(Outcome outcome)
    {
        bool[] verdicts = [.. from row in outcome.Rows
                              from goal in row.Goals
                              select goal.IsMetBy(outcome.Ratio(row, goal))];
        return (verdicts.Count(met => met), verdicts.Length);
    }

    // A goal that is met where another server is better still is worth a word.
    private static string Verdict(Goal goal, double ratio, double otherRatio)
    {
        if (double.IsNaN(ratio))
            return FigureText.Nothing;
        if (!goal.IsMetBy(ratio))
            return "MISSED";
        bool isBehind = goal.BaseRow == null && (goal.AtLeast ? otherRatio > ratio : otherRatio < ratio);
        return isBehind ? "met, BEHIND" : "met";
    }

    private static string Against(Goal goal) =>
        goal.IsAbsolute ? ", itself" : goal.BaseRow == null ? "" : $" against {goal.BaseRow}";

    private static string[] Line(Outcome outcome, Row row, Goal goal)
    {
        double ratio = outcome.Ratio(row, goal);
        IReadOnlyList<double> rounds = goal is { BaseRow: null, IsAbsolute: false } && outcome.Subject != null
            ? outcome.Ratios(row.Id, outcome.Subject.Name, goal.Metric)
            : [];
        Peer? other = goal.IsAbsolute ? null : outcome.BestOther(row.Id, goal.Metric, goal.AtLeast);
        double otherRatio = other == null ? double.NaN : outcome.Ratio(row.Id, other.Name, goal.Metric);
        return
        [
            row.Id,
            MetricText.Name(goal.Metric) + Against(goal),
            Verdict(goal, ratio, otherRatio),
            (goal.AtLeast ? ">= " : "<= ") + FigureText.OfRatio(goal.Bound),
            FigureText.OfRatio(ratio),
            rounds.Count == 0 ? "" : $"{FigureText.OfRatio(rounds.Min())} - {FigureText.OfRatio(rounds.Max())}",
            other?.Name ?? "",
            other == null ? "" : FigureText.OfRatio(otherRatio),
        ];
    }
}
