// Segments that nobody uses, for whoever reads ahead next. Not: the segments in use (Readahead).

using System;
using System.Collections.Generic;

namespace NbdFast.Plugins.Curl;

/// <summary>Memory for reading ahead, of the whole process; and the way from there to transfers.</summary>
/// <param name="file">What the segments are filled from.</param>
/// <param name="segmentBytes">Bytes of a segment.</param>
internal sealed class SegmentStock(RemoteFile file, int segmentBytes)
{
    // What is kept for the next client; the rest goes back to the system.
    private const long MostKeptBytes = 64L << 20;

    private readonly object _lock = new();
    private readonly Stack<Segment> _free = new();

    /// <summary>The most bytes of a segment.</summary>
    public int SegmentBytes => segmentBytes;

    /// <summary>Begins to fetch a range.</summary>
    /// <param name="start">The first byte.</param>
    /// <param name="length">Bytes, at most <see cref="SegmentBytes"/>.</param>
    /// <param name="size">The size of the whole file.</param>
    /// <returns>The segment, which the caller uses, or null if there is no memory for it.</returns>
    [HotPath]
    public Segment? Fetch(ulong start, int length, ulong size)
    {
        if (Take() is not { } segment)
            return null;
        if (file.Rent() is not { } transfer)
        {
            Return(segment);
            return null;
        }

        segment.Fill(transfer, start, length, size);
        file.Start(transfer);
        return segment;
    }

    /// <summary>Takes back a segment that nobody uses.</summary>
    public void Return(Segment segment)
    {
        lock (_lock)
        {
            if ((_free.Count + 1L) * segmentBytes <= MostKeptBytes)
            {
                _free.Push(segment);
                return;
            }
        }

        segment.Release();
    }

    /// <summary>Takes back a transfer that has ended.</summary>
    public void Return(Transfer transfer) => file.Return(transfer);

    /// <summary>Lets a transfer end soon.</summary>
    public void Cancel(Transfer transfer) => file.Cancel(transfer);

    /// <summary>Gives all memory back to the system.</summary>
    public void Release()
    {
        lock (_lock)
        {
            while (_free.TryPop(out Segment? segment))
                segment.Release();
        }
    }

    [HotPath]
    private Segment? Take()
    {
        lock (_lock)
        {
            if (_free.TryPop(out Segment? segment))
                return segment;
        }

        return Make();
    }

    private Segment? Make()
    {
        try
        {
            return new Segment(this, segmentBytes);
        }
        catch (InsufficientMemoryException error)
        {
            Log.Debug($"read ahead: {error.Message}");   // Nobody needs it.
            return null;
        }
    }
}
