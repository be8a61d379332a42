// Goals judged from samples. Not: measuring.

using System;
using NbdFast.Bench.EndToEnd.Report;
using NbdFast.Bench.EndToEnd.Rows;
using NbdFast.Bench.EndToEnd.Servers;

namespace NbdFast.EndToEnd.Tests;

public sealed class OutcomeTests
{
    private const string Row = "row";
    private const string OtherRow = "other";

    private static readonly Peer Ours = new("nbdfast", ServerKind.NbdFast, "", "");
    private static readonly Peer Base = new("nbdkit", ServerKind.Nbdkit, "", "");
    private static readonly Peer Third = new("qemu-nbd", ServerKind.QemuNbd, "", "");

    [Fact]
    public void A_ratio_is_the_median_of_the_rounds_ratios()
    {
        Outcome outcome = Filled(new Goal(Metric.Requests, true, 3));
        Assert.Equal([3.0, 5.0, 2.0], outcome.Ratios(Row, Ours.Name, Metric.Requests));
        Assert.Equal(3.0, outcome.Ratio(Row, Ours.Name, Metric.Requests));
    }

    [Theory]
    [InlineData(3.0, true, 1)]
    [InlineData(3.01, true, 0)]
    [InlineData(3.0, false, 1)]
    [InlineData(2.99, false, 0)]
    public void A_bound_itself_meets_the_goal(double bound, bool atLeast, int met) =>
        Assert.Equal((met, 1), GoalTable.Count(Filled(new Goal(Metric.Requests, atLeast, bound))));

    [Fact]
    public void What_was_not_measured_meets_no_goal()
    {
        Outcome outcome = Filled(new Goal(Metric.Threads, false, 1e9));
        Assert.Equal((0, 1), GoalTable.Count(outcome));
        Assert.Contains("n/a", GoalTable.Write(outcome), StringComparison.Ordinal);
    }

    [Fact]
    public void A_goal_can_be_about_another_row_of_ours()
    {
        Outcome outcome = Filled(new Goal(Metric.Requests, true, 0.5, OtherRow));
        foreach (double value in (double[])[60, 50, 40])
            outcome.Add(OtherRow, Ours.Name, Sampled(value));
        Assert.Equal(0.5, outcome.Ratio(outcome.Rows[0], outcome.Rows[0].Goals[0]));
    }

    [Fact]
    public void A_goal_can_be_about_the_figure_itself()
    {
        Outcome outcome = Filled(new Goal(Metric.Requests, true, 30, IsAbsolute: true));
        Assert.Equal(30.0, outcome.Ratio(outcome.Rows[0], outcome.Rows[0].Goals[0]));
        Assert.Equal((1, 1), GoalTable.Count(outcome));
    }

    [Fact]
    public void The_best_of_the_others_is_neither_ours_nor_nbdkit()
    {
        Outcome outcome = Filled();
        Assert.Null(outcome.BestOther(Row, Metric.Requests, most: true));
        outcome.Add(Row, Third.Name, Sampled(11));
        Assert.Equal(Third, outcome.BestOther(Row, Metric.Requests, most: true));
    }

    [Theory]
    [InlineData(31, "met, BEHIND")]
    [InlineData(30, "| met ")]
    public void A_goal_that_is_met_tells_whether_another_server_is_better(double other, string expected)
    {
        Outcome outcome = Filled(new Goal(Metric.Requests, true, 3));
        outcome.Add(Row, Third.Name, Sampled(other));
        Assert.Contains(expected, GoalTable.Write(outcome), StringComparison.Ordinal);
    }

    private static Outcome Filled(params Goal[] goals)
    {
        LoadRow row = new(Row, Backend.Null, tcp: false, new(), goals);
        Outcome outcome = new([row], [Ours, Base, Third]);
        (double Ours, double Base)[] rounds = [(30, 10), (50, 10), (20, 10)];
        foreach ((double ours, double other) in rounds)
        {
            outcome.Add(Row, Ours.Name, Sampled(ours));
            outcome.Add(Row, Base.Name, Sampled(other));
        }

        return outcome;
    }

    private static Sample Sampled(double requests) => new() { [Metric.Requests] = requests };
}
