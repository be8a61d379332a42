// Questions to the layers below that take more than one request. Not: the requests (INext).

using System;

namespace NbdFast;

/// <summary>Helps for filters over the layers below.</summary>
public static class NextExtensions
{
    [ThreadStatic]
    private static ExtentList? _spare;

    /// <summary>Asks for extents again and again until all of a range is known (nbdkit_extents_full).</summary>
    /// <param name="next">The layers below.</param>
    /// <param name="count">Bytes.</param>
    /// <param name="offset">The position of the first byte.</param>
    /// <param name="flags">Passed on; but <see cref="RequestFlags.ReqOne"/> is taken off, for more is wanted.</param>
    /// <param name="extents">An empty list for that range, in the positions of the layer below. What is known beyond
    /// the range is cut off.</param>
    /// <returns>An error below, or <see cref="Errno.EIO"/> if the layer below says nothing.</returns>
    public static Errno ReadExtentsFull<TNext>(
        this ref TNext next, ulong count, ulong offset, RequestFlags flags, ExtentList extents)
        where TNext : struct, INext
    {
        ulong end = offset + count;
        flags &= ~RequestFlags.ReqOne;
        while (extents.Reached < end)
        {
            ulong reached = extents.Reached;
            using (extents.Part(end))
            {
                Errno errno = next.Extents(end - reached, reached, flags, extents);
                if (errno != Errno.Ok)
                    return errno;
            }

            if (extents.Reached == reached)
                return Errno.EIO;
        }

        return Errno.Ok;
    }

    /// <summary>Asks for extents and reports them in whole blocks (nbdkit_extents_aligned): a block that holds several
    /// types is a hole only if all of it is, and zero only if all of it is. Asks once, and further only to complete the
    /// first block.</summary>
    /// <param name="next">The layers below.</param>
    /// <param name="count">Bytes; need not be aligned.</param>
    /// <param name="offset">The position of the first byte; need not be aligned.</param>
    /// <param name="flags">Passed on.</param>
    /// <param name="alignment">The block size, a power of two.</param>
    /// <param name="extents">A list that begins at <paramref name="offset"/>, in the positions of the layer
    /// below.</param>
    public static Errno ReadExtentsAligned<TNext>(
        this ref TNext next, ulong count, ulong offset, RequestFlags flags, uint alignment, ExtentList extents)
        where TNext : struct, INext
    {
        ulong mask = alignment - 1;
        ulong start = offset & ~mask;
        ulong size = next.Info.Size;
        ulong end = Math.Min(size, (offset + count + mask) & ~mask);

        // A layer below may come here as well while we wait for it: then it finds no spare list.
        ExtentList found = _spare ?? new ExtentList(0, 0);
        _spare = null;
        found.Reset(start, end - start);
        Errno errno = Errno.Ok;
        ulong firstBlockEnd = Math.Min(size, start + alignment);
        do
        {
            ulong reached = found.Reached;
            using (found.Part(end))
                errno = next.Extents(end - reached, reached, flags, found);
            if (errno == Errno.Ok && found.Reached == reached)
                errno = Errno.EIO;
        }
        while (errno == Errno.Ok && found.Reached < firstBlockEnd);

        if (errno == Errno.Ok)
            errno = AddBlocks(found, mask, size, extents);
        _spare = found;
        return errno;
    }

    // The last block is left out if it is not known to its end: the client asks again from there.
    private static Errno AddBlocks(ExtentList found, ulong mask, ulong size, ExtentList extents)
    {
        ulong position = found.Start;
        ExtentType pending = ExtentType.HoleZero;
        for (int i = 0; i < found.Count; i++)
        {
            Extent extent = found[i];
            pending &= extent.Type;
            ulong whole = extent.End == size ? size : extent.End & ~mask;
            if (whole <= position)
                continue;

            // The first block may hold the ends of earlier extents, those after it are of this type alone.
            ulong blockEnd = Math.Min(whole, (Math.Max(position, extent.Offset) & ~mask) + mask + 1);
            Errno errno = extents.Add(position, blockEnd - position, pending);
            if (errno == Errno.Ok)
                errno = extents.Add(blockEnd, whole - blockEnd, extent.Type);
            if (errno != Errno.Ok)
                return errno;
            position = whole;
            pending = extent.End > whole ? extent.Type : ExtentType.HoleZero;
        }

        return Errno.Ok;
    }
}
