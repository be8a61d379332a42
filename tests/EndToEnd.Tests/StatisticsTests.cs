// Medians and ratios of rounds. Not: tables.

using System;
using NbdFast.Bench.EndToEnd.Load;
using NbdFast.Bench.EndToEnd.Report;

namespace NbdFast.EndToEnd.Tests;

public sealed class StatisticsTests
{
    [Theory]
    [InlineData(new[] { 3.0, 1.0, 2.0 }, 2.0)]
    [InlineData(new[] { 4.0, 1.0, 3.0, 2.0 }, 2.5)]
    [InlineData(new[] { double.NaN, 7.0, double.NaN }, 7.0)]
    [InlineData(new double[0], double.NaN)]
    public void The_median_is_the_one_in_the_middle(double[] values, double expected) =>
        Assert.Equal(expected, Statistics.Median(values));

    [Fact]
    public void Ratios_are_of_the_same_round() =>
        Assert.Equal([2.0, 5.0], Statistics.Ratios([10, 20, double.NaN, 40], [5, 4, 1, double.NaN]));

    [Fact]
    public void The_machine_is_busy_when_it_is_neither_idle_nor_waiting_for_a_disk() =>
        Assert.Equal(
            (1 + 2 + 3 + 6 + 7 + 8) * 1e7, MachineTime.Parse("cpu  1 2 3 4000 5000 6 7 8 900 1000\ncpu0 1 1 1 1\n"));

    [Fact]
    public void A_division_by_nothing_is_no_ratio() => Assert.Empty(Statistics.Ratios([1], [0]));

    [Fact]
    public void Rounds_of_different_number_have_no_ratios() =>
        Assert.Throws<ArgumentException>(() => Statistics.Ratios([1, 2], [1]));
}
