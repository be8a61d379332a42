// Percentiles. Not: the requests that they are of.

using System;
using System.Linq;
using NbdFast.Bench.EndToEnd.Load;

namespace NbdFast.EndToEnd.Tests;

public sealed class LatencyHistogramTests
{
    [Theory]
    [InlineData(0.0, 1)]
    [InlineData(0.5, 30)]
    [InlineData(0.9, 54)]
    [InlineData(0.99, 60)]
    [InlineData(1.0, 60)]
    public void Short_times_are_exact(double share, double expected)
    {
        LatencyHistogram histogram = new();
        for (int time = 60; time >= 1; time--)
            histogram.Record(time);
        Assert.Equal(expected, histogram.Percentile(share));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Percentiles_of_random_times_are_right_within_two_per_cent(int seed)
    {
        Random random = new(seed);
        long[] times = [.. Enumerable.Range(0, 20_000).Select(_ => (long)Math.Pow(10, 2 + (random.NextDouble() * 8)))];
        LatencyHistogram histogram = new();
        foreach (long time in times)
            histogram.Record(time);
        Array.Sort(times);
        foreach (double share in (double[])[0.01, 0.5, 0.9, 0.99, 0.999])
        {
            double exact = times[(int)Math.Ceiling(share * times.Length) - 1];
            Assert.InRange(histogram.Percentile(share), exact * 0.98, exact * 1.02);
        }
    }

    [Fact]
    public void Every_power_of_two_keeps_its_order()
    {
        double last = -1;
        for (int bit = 0; bit < 62; bit++)
            foreach (long time in (long[])[1L << bit, (1L << bit) + (1L << bit >> 1)])
            {
                LatencyHistogram histogram = new();
                histogram.Record(time);
                double found = histogram.Percentile(0.5);
                Assert.InRange(found, time * 0.98, time * 1.02);
                Assert.True(found >= last, $"{time}: {found} after {last}");
                last = found;
            }
    }

    [Fact]
    public void Counts_weigh_as_often_as_they_were_recorded()
    {
        LatencyHistogram histogram = new();
        histogram.Record(10, 999);
        histogram.Record(50);
        Assert.Equal(10, histogram.Percentile(0.999));
        Assert.Equal(50, histogram.Percentile(0.9991));
        Assert.Equal(1000, histogram.Count);
    }

    [Fact]
    public void Nothing_recorded_has_no_percentile()
    {
        LatencyHistogram histogram = new();
        histogram.Record(5);
        histogram.Clear();
        Assert.True(double.IsNaN(histogram.Percentile(0.5)));
    }
}
