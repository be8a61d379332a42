// How data and holes are dealt out over a disk: the numbers that say so. Not: the runs themselves (RunCursor).

using System;

namespace NbdFast.Plugins.Chance;

/// <summary>
/// The shape of a sparse disk. The disk is cut into zones, each of which is dealt out on its own, so that where a run
/// lies is found without going through, or remembering, all runs before it. A zone has some eight runs of data and as
/// many holes: few enough to be gone through for each request, enough not to be seen.
/// </summary>
internal readonly struct RunShape
{
    private const double RunsPerZone = 8;

    // Longer than any disk has blocks, and a hundred of them still have less than 2^64.
    private const double LongestRun = 1UL << 55;

    private const double LargestDisk = 1UL << 63;

    private readonly double _share;

    /// <summary>Works out the shape.</summary>
    /// <param name="seed">Which disk.</param>
    /// <param name="blockBytes">The length of a block, a power of two.</param>
    /// <param name="share">How much of the disk is data, from 0 to 1. It holds even where holes of one block would
    /// leave less of it: then runs become longer.</param>
    /// <param name="runBytes">The average length of a run of data.</param>
    public RunShape(ulong seed, ulong blockBytes, double share, ulong runBytes)
    {
        Seed = seed;
        BlockBytes = blockBytes;
        _share = share;
        MeanData = Math.Clamp((double)runBytes / blockBytes, 1, LongestRun);
        MeanHole = share > 0 ? Math.Min(MeanData * (1 - share) / share, LongestRun) : LongestRun;
        if (MeanHole < 1)
        {
            MeanHole = 1;
            MeanData = share < 1 ? Math.Min(share / (1 - share), LongestRun) : LongestRun;
        }

        ZoneBlocks = (ulong)Math.Min(Math.Ceiling((MeanData + MeanHole) * RunsPerZone), LargestDisk / blockBytes);
    }

    /// <summary>Which disk.</summary>
    public ulong Seed { get; }

    /// <summary>The length of a block in bytes: runs begin and end with blocks.</summary>
    public ulong BlockBytes { get; }

    /// <summary>The average length of a run of data in blocks, at least 1.</summary>
    public double MeanData { get; }

    /// <summary>The average length of a hole in blocks, at least 1.</summary>
    public double MeanHole { get; }

    /// <summary>The length of a zone in blocks.</summary>
    public ulong ZoneBlocks { get; }

    /// <summary>All of the disk is data, or all of it is a hole.</summary>
    public bool IsUniform => _share is 0 or 1;

    /// <summary>Whether a zone begins with data.</summary>
    /// <param name="number">Any 64 bits; the same ones give the same answer.</param>
    public bool BeginsWithData(ulong number) => Fraction(number) < _share;

    /// <summary>Deals out the length of a run. Only sums and products of doubles are taken, which are the same on all
    /// machines; a logarithm is not.</summary>
    /// <param name="mean">The average length in blocks.</param>
    /// <param name="number">Any 64 bits.</param>
    /// <param name="rounding">Another 64 bits: the length is rounded up or down by chance, which keeps the
    /// average.</param>
    /// <returns>Blocks, at least 1. Each next 2/3 of the average is half as likely as the one before.</returns>
    public static ulong Length(double mean, ulong number, ulong rounding)
    {
        const double Halving = 2.0 / 3;
        const double OneInLow = 1.0 / (1UL << 32);
        double halvings = ulong.LeadingZeroCount(number) + ((uint)number * OneInLow);
        return 1 + (ulong)((halvings * ((mean - 1) * Halving)) + Fraction(rounding));
    }

    // From 0 to 1: as many bits as a double has.
    private static double Fraction(ulong number) => (number >> 11) * (1.0 / (1UL << 53));
}
