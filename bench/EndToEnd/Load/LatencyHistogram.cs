// How long requests took, counted in buckets of a few per cent. Not: when they began and ended (LoadConnection).

using System;
using System.Numerics;

namespace NbdFast.Bench.EndToEnd.Load;

/// <summary>Counts of times in logarithmic buckets: 64 to each power of two, so that a percentile is right within
/// 1.6 %. Times below 64 ns are exact. Recording allocates nothing.</summary>
internal sealed class LatencyHistogram
{
    private const int PartBits = 6;
    private const int Parts = 1 << PartBits;

    private readonly long[] _counts = new long[(64 - PartBits + 1) * Parts];

    /// <summary>Times recorded.</summary>
    public long Count { get; private set; }

    /// <summary>Records a time.</summary>
    /// <param name="nanoseconds">At least 0.</param>
    /// <param name="times">How often.</param>
    public void Record(long nanoseconds, long times = 1)
    {
        _counts[IndexOf((ulong)Math.Max(nanoseconds, 0))] += times;
        Count += times;
    }

    /// <summary>The smallest time that at least this share of all was not longer than, at the middle of its
    /// bucket.</summary>
    /// <param name="share">From 0 to 1: 0.99 for the 99th percentile.</param>
    /// <returns>Nanoseconds, NaN if nothing was recorded.</returns>
    public double Percentile(double share)
    {
        if (Count == 0)
            return double.NaN;
        // Not 0: the 0th percentile is the first recorded. The rounding error of the product must not reach one up.
        long wanted = Math.Max(1, (long)Math.Ceiling((share * Count) - 1e-6));
        long seen = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= wanted)
                return Middle(i);
        }

        throw new InvalidOperationException("the counts do not add up");
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(_counts);
        Count = 0;
    }

    private static int IndexOf(ulong value)
    {
        if (value < Parts)
            return (int)value;
        int shift = BitOperations.Log2(value) - PartBits;
        return (int)(value >> shift) + (shift * Parts);
    }

    private static double Middle(int index)
    {
        if (index < 2 * Parts)
            return index;   // The first two powers of two have buckets of one nanosecond.
        int shift = (index / Parts) - 1;
        double first = (double)(ulong)(Parts + (index % Parts)) * Math.Pow(2, shift);
        return first + ((Math.Pow(2, shift) - 1) / 2);
    }
}
