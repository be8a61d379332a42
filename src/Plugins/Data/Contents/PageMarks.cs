// Which pages of a disk were written. Not: what was written to them (ComputedStore).

using System;
using NbdFast.Storage;

namespace NbdFast.Plugins.Data.Contents;

/// <summary>
/// A mark for each page, and one for each 4096 pages, and so on: so that neither a disk of 2^63 bytes costs anything,
/// nor all of it zeroed at once. Any thread may look; whoever marks pages sees to it that nobody else marks the same
/// ones.
/// </summary>
internal sealed class PageMarks : IDisposable
{
    private const int LevelShift = 12;
    private const int MostLevels = 5;      // 2^51 pages of 4 KiB.
    private const int LongestLook = 256;
    private const byte Marked = 1;

    private readonly SparseStore[] _levels;

    private PageMarks(SparseStore[] levels) => _levels = levels;

    /// <summary>Makes marks, none of which is set.</summary>
    /// <param name="pages">How many, at least 1.</param>
    /// <param name="marks">The marks, or null.</param>
    /// <returns><see cref="Errno.ENOMEM"/> if there is no address space for them.</returns>
    public static Errno TryCreate(ulong pages, out PageMarks? marks)
    {
        SparseStore?[] levels = new SparseStore?[MostLevels];
        marks = null;
        for (int level = 0; level < MostLevels; level++)
        {
            Errno errno = SparseStore.TryCreate(((pages - 1) >> (level * LevelShift)) + 1, out levels[level]);
            if (errno == Errno.Ok)
                continue;
            foreach (SparseStore? made in levels)
                made?.Dispose();
            return errno;
        }

        marks = new PageMarks(levels!);
        return Errno.Ok;
    }

    /// <summary>Says whether a page is marked, and how many of those behind it are alike, as far as that is soon
    /// found.</summary>
    /// <param name="page">The page.</param>
    /// <param name="limit">How many pages are of interest, at least 1.</param>
    /// <param name="isMarked">It is marked.</param>
    /// <returns>Pages, from 1 to <paramref name="limit"/>.</returns>
    [HotPath]
    public ulong Run(ulong page, ulong limit, out bool isMarked)
    {
        Span<byte> marks = stackalloc byte[LongestLook];
        for (int level = MostLevels - 1; level > 0; level--)
        {
            int shift = level * LevelShift;
            _levels[level].Read(marks[..1], page >> shift);
            isMarked = marks[0] == Marked;
            if (isMarked)
                return Math.Min(limit, (((page >> shift) + 1) << shift) - page);
        }

        // Up to the end of those that share the mark above.
        ulong rest = (((page >> LevelShift) + 1) << LevelShift) - page;
        marks = marks[..(int)Math.Min(LongestLook, Math.Min(limit, rest))];
        _levels[0].Read(marks, page);
        isMarked = marks[0] == Marked;
        int run = marks.IndexOfAnyExcept(marks[0]);
        return (ulong)(run < 0 ? marks.Length : run);
    }

    /// <summary>Marks pages. What was written to them before is seen by whoever sees the marks.</summary>
    /// <param name="page">The first.</param>
    /// <param name="count">How many.</param>
    [HotPath]
    public Errno Mark(ulong page, ulong count)
    {
        Span<byte> marks = stackalloc byte[LongestLook];
        marks.Fill(Marked);
        ulong end = page + count;
        while (page < end)
        {
            // The highest mark that stands for nothing but these pages.
            int level = 0;
            while (level + 1 < MostLevels && IsWhole(page, end, (level + 1) * LevelShift))
                level++;
            int shift = level * LevelShift;
            ulong next = ((page >> (shift + LevelShift)) + 1) << (shift + LevelShift);
            ulong most = Math.Min(LongestLook, (Math.Min(end, next) - page) >> shift);
            Errno errno = _levels[level].Write(marks[..(int)most], page >> shift);
            if (errno != Errno.Ok)
                return errno;
            page += most << shift;
        }

        return Errno.Ok;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SparseStore level in _levels)
            level.Dispose();
    }

    private static bool IsWhole(ulong page, ulong end, int shift) =>
        page % (1UL << shift) == 0 && end - page >= 1UL << shift;
}
