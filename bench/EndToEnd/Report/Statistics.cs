// The arithmetic of the tables. Not: where the figures come from (Outcome).

using System;
using System.Collections.Generic;
using System.Linq;

namespace NbdFast.Bench.EndToEnd.Report;

/// <summary>Medians and ratios. NaN stands for what was not measured.</summary>
internal static class Statistics
{
    /// <summary>The median; the mean of the two in the middle of an even number. NaN values are left out.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Where(value => !double.IsNaN(value)).Order()];
        int middle = sorted.Length / 2;
        return sorted.Length switch
        {
            0 => double.NaN,
            int length when length % 2 == 1 => sorted[middle],
            _ => (sorted[middle - 1] + sorted[middle]) / 2,
        };
    }

    /// <summary>Ratios of the figures that two servers had in the same round. Rounds in which one is missing are left
    /// out.</summary>
    /// <param name="values">By round.</param>
    /// <param name="baseValues">By round.</param>
    public static IReadOnlyList<double> Ratios(IReadOnlyList<double> values, IReadOnlyList<double> baseValues)
    {
        if (values.Count != baseValues.Count)
            throw new ArgumentException("both must have a value for each round", nameof(baseValues));
        return [.. values.Zip(baseValues, (value, other) => value / other).Where(double.IsFinite)];
    }
}
