// Where a file has data and where it has holes, as its file system tells. Not: making holes (Space).

using System;
using NbdFast.Native;

namespace NbdFast.Plugins.Shared.Files;

/// <summary>Searches with SEEK_DATA and SEEK_HOLE. The descriptor's position, which these calls move, is used by
/// nothing else, so that any number of searches may be under way.</summary>
/// <param name="descriptor">The open file.</param>
/// <param name="size">The size of the export in bytes: what lies behind is not told.</param>
internal sealed class HoleMap(int descriptor, ulong size)
{
    /// <summary>The shortest hole that is worth its own chunk of a reply, in bytes.</summary>
    internal const uint SmallestLoan = 32 * 1024;

    private const long NoMoreData = -(long)Errno.ENXIO;

    /// <summary>The file system tells holes; block devices and some file systems do not.</summary>
    public bool IsKnown { get; } = Libc.NextHole(descriptor, 0) is >= 0 or NoMoreData;

    /// <summary>Adds what is known of a range: where nothing is, that it is data.</summary>
    [HotPath]
    public Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents)
    {
        if (!IsKnown)
            return extents.Add(offset, count, ExtentType.Data);
        bool isOneEnough = (flags & RequestFlags.ReqOne) != 0;
        ulong end = offset + count;
        ulong position = offset;
        while (position < end && extents.Count < ExtentList.MaximumCount)
        {
            long data = Libc.NextData(descriptor, position);
            if (data == NoMoreData)
                return AddTail(position, extents);
            if (data < 0)
                return Failed("SEEK_DATA", position, data);
            if ((ulong)data > position)
            {
                ulong hole = Math.Min((ulong)data, size) - position;
                Errno error = extents.Add(position, hole, ExtentType.HoleZero);
                position += hole;
                if (error != Errno.Ok || isOneEnough || position >= end)
                    return error;
            }

            long next = Libc.NextHole(descriptor, position);
            if (next == NoMoreData)
                return AddTail(position, extents);   // Cut short between the two calls.
            if (next < 0)
                return Failed("SEEK_HOLE", position, next);
            // Nothing if the data has become a hole between the two calls: the next round sees that.
            ulong length = Math.Min((ulong)next, size) - position;
            Errno added = extents.Add(position, length, ExtentType.Data);
            position += length;
            if (added != Errno.Ok || (isOneEnough && length > 0))
                return added;
        }

        return Errno.Ok;
    }

    /// <summary>Lends a hole that the range begins with.</summary>
    [HotPath]
    public Loan Lend(uint count, ulong offset)
    {
        if (!IsKnown || count < SmallestLoan)
            return Loan.None;
        long data = Libc.NextData(descriptor, offset);
        // Behind the last data comes a hole up to the end of the file, and behind that, nothing: it was cut short.
        if (data == NoMoreData)
            data = Libc.EndOf(descriptor);
        if (data < 0 || (ulong)data < offset + SmallestLoan)
            return Loan.None;
        return Loan.OfHole((uint)Math.Min((ulong)data - offset, count));
    }

    // There is no data at or behind the position. What the file has lost since it was opened counts as data, for it
    // must not be taken for zeroes: reading it tells what is wrong.
    private Errno AddTail(ulong position, ExtentList extents)
    {
        long end = Libc.EndOf(descriptor);
        if (end < 0)
            return Failed("SEEK_END", position, end);
        ulong hole = Math.Clamp((ulong)end, position, size) - position;
        Errno error = extents.Add(position, hole, ExtentType.HoleZero);
        return error == Errno.Ok ? extents.Add(position + hole, size - position - hole, ExtentType.Data) : error;
    }

    private static Errno Failed(string whence, ulong position, long result)
    {
        Errno error = (Errno)(-result);
        return Log.Error(error, $"lseek: {whence}: {position}: {error.Text()}");
    }
}
