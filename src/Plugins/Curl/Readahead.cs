// Reading ahead for one connection: fetches large pieces before a sequential client asks for them. Not: whether it is
// sequential (SequentialPattern), the pieces (Segment).

using System;
using System.Collections.Generic;

namespace NbdFast.Plugins.Curl;

/// <summary>
/// One large request to a server costs far less than the small ones of a client, and need not wait for it. What was
/// fetched is used once, and forgotten when anything is written there. If fetching ahead fails, the client's own
/// requests go to the server as if there had been none.
/// </summary>
internal sealed class Readahead
{
    private const int SmallestFetch = 256 << 10;
    private const int LargestFetch = 4 << 20;
    private const int FirstFetchFactor = 4;
    private const int MostSegments = 64;
    private const int ReadsAfterFailure = 64;

    // A client that asks for so much at once is ahead of itself: its requests can go out as they are.
    private const int DeepQueueRequests = 4;
    private const long DeepQueueBytes = 2 << 20;

    private readonly object _lock = new();
    private readonly SegmentStock _stock;
    private readonly List<Segment> _segments = new(MostSegments);
    private readonly ulong _size;
    private readonly long _limit;
    private readonly bool _isForAll;
    private SequentialPattern _pattern;
    private ulong _fetched;      // Up to here everything was asked for.
    private long _window;        // How much may be ahead of the client so far.
    private long _ahead;         // Bytes in segments that nobody has taken.
    private int _pause;          // Reads until the next attempt.
    private int _requests;       // Of the client, under way.
    private long _requestBytes;

    /// <summary>For a connection.</summary>
    /// <param name="stock">Where segments come from.</param>
    /// <param name="size">The size of the file.</param>
    /// <param name="limit">The most bytes that may be ahead of the client.</param>
    /// <param name="isForAll">Requests to this server are so costly that a client that sends many at once has use for
    /// larger ones too.</param>
    public Readahead(SegmentStock stock, ulong size, long limit, bool isForAll)
    {
        _isForAll = isForAll;
        _stock = stock;
        _size = size;
        _limit = limit;
    }

    /// <summary>Says where the first bytes of a range come from, and reads ahead.</summary>
    /// <param name="offset">The position of the first byte.</param>
    /// <param name="count">How many are wanted; then, how many come from there.</param>
    /// <param name="isFirst">The range is a request of the client, and not the rest of one.</param>
    /// <returns>A segment that the caller uses until <see cref="Leave"/>; or null: they must be fetched.</returns>
    [HotPath]
    public Segment? Find(ulong offset, ref int count, bool isFirst)
    {
        // What is begun with the lock held is sent without it: others' requests may end meanwhile, and come here.
        using (Burst.Begin())
        {
            lock (_lock)
            {
                if (isFirst)
                {
                    _requests++;
                    _requestBytes += count;
                }

                Prepare(offset, count, isFirst);
                return Find(offset, ref count);
            }
        }
    }

    /// <summary>A request of the client has ended.</summary>
    [HotPath]
    public void Ended(int length)
    {
        lock (_lock)
        {
            _requests--;
            _requestBytes -= length;
        }
    }

    /// <summary>A segment that was found is used no longer.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="count">How many bytes were wanted.</param>
    /// <param name="isTaken">They were taken; else they will never come.</param>
    [HotPath]
    public void Leave(Segment segment, int count, bool isTaken)
    {
        lock (_lock)
            Took(segment, count, isTaken);
        segment.Leave();
    }

    /// <summary>Something was written: what was fetched of it is not true any more.</summary>
    public void Forget(ulong offset, ulong count)
    {
        lock (_lock)
        {
            for (int i = _segments.Count - 1; i >= 0; i--)
                if (_segments[i].Start < offset + count && offset < _segments[i].End)
                    RemoveAt(i);
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (_lock)
            RemoveAll();
    }

    private bool HasDeepQueue => _requests >= DeepQueueRequests && _requestBytes >= DeepQueueBytes;

    // With the lock held, as all below.
    [HotPath]
    private void Prepare(ulong offset, int length, bool isFirst)
    {
        bool wasSequential = _pattern.IsSequential;
        if (isFirst)
        {
            _pattern.Note(offset, length);
            _pause -= _pause > 0 ? 1 : 0;
        }

        if (wasSequential && !_pattern.IsSequential)
            RemoveAll();
        if (_pattern.IsSequential && !wasSequential)
            Begin(length);
        if (_pattern.IsSequential && _pause == 0 && (_isForAll || !HasDeepQueue))
            Extend(offset, length);
    }

    [HotPath]
    private void Begin(int length)
    {
        _window = Math.Min(_limit, 2 * Math.Clamp((long)length * FirstFetchFactor, SmallestFetch, LargestFetch));
        _fetched = 0;
    }

    // Half a window at a time: while the client takes one half, the other is fetched.
    [HotPath]
    private void Extend(ulong offset, int length)
    {
        RemovePassed(length);
        if (_segments.Count == 0 && offset > _fetched)
            _fetched = offset;   // It has overtaken everything.
        while (_fetched < _size && _segments.Count < MostSegments)
        {
            int count = (int)Math.Min((ulong)Math.Min(_window / 2, _stock.SegmentBytes), _size - _fetched);
            if (_ahead + count > _window || _stock.Fetch(_fetched, count, _size) is not { } segment)
                break;
            _segments.Add(segment);
            _fetched += (ulong)count;
            _ahead += count;
        }
    }

    // What lies so far behind that nobody who was overtaken can want it.
    [HotPath]
    private void RemovePassed(int length)
    {
        for (int i = _segments.Count - 1; i >= 0; i--)
            if (_segments[i].End + SequentialPattern.Slack(length) <= _pattern.Reached)
                RemoveAt(i);
    }

    // The segment that has the byte; the caller becomes its user. Otherwise how far the next one is.
    [HotPath]
    private Segment? Find(ulong offset, ref int count)
    {
        ulong end = offset + (ulong)count;
        for (int i = 0; i < _segments.Count; i++)
        {
            Segment segment = _segments[i];
            if (segment.Start <= offset && offset < segment.End)
            {
                count = (int)(Math.Min(end, segment.End) - offset);
                segment.Use();
                return segment;
            }

            if (segment.Start > offset)
                end = Math.Min(end, segment.Start);
        }

        count = (int)(end - offset);
        return null;
    }

    [HotPath]
    private void Took(Segment segment, int count, bool isTaken)
    {
        int index = _segments.IndexOf(segment);
        if (index < 0)
            return;   // It was forgotten meanwhile.
        int rest = segment.Length - segment.Taken;
        segment.Taken += Math.Min(count, rest);
        _ahead -= Math.Min(count, rest);
        if (!isTaken)
        {
            RemoveAll();
            _pattern.Reset();
            _pause = ReadsAfterFailure;
        }
        else if (segment.Taken == segment.Length)
        {
            RemoveAt(index);
            _window = Math.Min(2 * _window, _limit);   // For whoever reads little, little is fetched.
        }
    }

    private void RemoveAll()
    {
        while (_segments.Count > 0)
            RemoveAt(_segments.Count - 1);
    }

    [HotPath]
    private void RemoveAt(int index)
    {
        Segment segment = _segments[index];
        _segments.RemoveAt(index);
        _ahead -= segment.Length - segment.Taken;
        segment.Abandon();
        segment.Leave();
    }
}
