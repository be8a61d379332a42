// A piece of the file that is fetched before it is asked for. Not: which pieces (Readahead).

using System;
using System.Threading;
using NbdFast.Native;

namespace NbdFast.Plugins.Curl;

/// <summary>A range of the file and the memory into which a transfer brings it, from front to back. Requests take what
/// is there, and are told when the rest has come.</summary>
internal sealed class Segment : IProgress
{
    private readonly object _lock = new();
    private readonly NativeBuffer _memory;
    private readonly SegmentStock _stock;
    private RangeRequest? _waiters;
    private Transfer? _transfer;
    private int _filled;
    private int _users;

    /// <summary>Made once, used for many ranges.</summary>
    public Segment(SegmentStock stock, int capacity)
    {
        _stock = stock;
        _memory = new NativeBuffer(capacity);
    }

    /// <summary>When a request has its bytes.</summary>
    internal enum Answer
    {
        /// <summary>They are there.</summary>
        Now,

        /// <summary>It is told when they are, or that they do not come.</summary>
        Later,

        /// <summary>They do not come.</summary>
        Never,
    }

    /// <summary>The first byte.</summary>
    public ulong Start { get; private set; }

    /// <summary>Bytes.</summary>
    public int Length { get; private set; }

    /// <summary>Where the range ends.</summary>
    public ulong End => Start + (ulong)Length;

    /// <summary>How many bytes were taken; for whoever holds the list of segments.</summary>
    public int Taken { get; set; }

    /// <summary>Begins to fill a range. The one who calls uses the segment from now on, and so does the
    /// transfer.</summary>
    public void Fill(Transfer transfer, ulong start, int length, ulong size)
    {
        Start = start;
        Length = length;
        Taken = 0;
        _filled = 0;
        _users = 2;
        _transfer = transfer;
        transfer.AskRead(this, _memory.Address, length, start, size);
    }

    /// <summary>Somebody more uses it. Only somebody who does may say so for others.</summary>
    [HotPath]
    public void Use() => Interlocked.Increment(ref _users);

    /// <summary>A user has done with it; the last one's memory is for others.</summary>
    [HotPath]
    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            _stock.Return(this);
    }

    /// <summary>Asks for a request's piece.</summary>
    [HotPath]
    public Answer Ask(RangeRequest request)
    {
        lock (_lock)
        {
            if (Needs(request) <= _filled)
                return Answer.Now;
            if (_transfer == null)
                return Answer.Never;
            request.NextWaiter = _waiters;
            _waiters = request;
            return Answer.Later;
        }
    }

    /// <summary>Copies bytes out that are there.</summary>
    [HotPath]
    public void CopyTo(Span<byte> buffer, ulong offset) =>
        _memory.Span.Slice((int)(offset - Start), buffer.Length).CopyTo(buffer);

    /// <inheritdoc/>
    [HotPath]
    public void Advanced(int done)
    {
        RangeRequest? ready;
        lock (_lock)
        {
            _filled = done;
            ready = TakeWaiters(done);
        }

        Resume(ready, isThere: true);
    }

    /// <inheritdoc/>
    public void Ended(Transfer transfer)
    {
        if (!transfer.Succeeded && !transfer.IsCancelled)
            Log.Debug($"read ahead: {transfer.Reason()}");
        RangeRequest? left;
        lock (_lock)
        {
            _transfer = null;
            left = TakeWaiters(int.MaxValue);
        }

        _stock.Return(transfer);
        Resume(left, isThere: false);   // Those that are content have gone when their bytes came.
        Leave();
    }

    /// <summary>Nobody will ask for more of it: its transfer need not go on.</summary>
    public void Abandon()
    {
        lock (_lock)
        {
            // Under the lock it has not ended, and is not given back for another use.
            if (_transfer != null)
                _stock.Cancel(_transfer);
        }
    }

    /// <summary>Gives the memory back.</summary>
    public void Release() => _memory.Release();

    [HotPath]
    private int Needs(RangeRequest request) => (int)(request.PieceOffset - Start) + request.PieceLength;

    // With the lock held. The list has the last one first, the result the first.
    [HotPath]
    private RangeRequest? TakeWaiters(int filled)
    {
        RangeRequest? waiter = _waiters;
        RangeRequest? left = null;
        RangeRequest? taken = null;
        RangeRequest? lastLeft = null;
        while (waiter != null)
        {
            RangeRequest? next = waiter.NextWaiter;
            waiter.NextWaiter = null;
            if (Needs(waiter) <= filled)
            {
                waiter.NextWaiter = taken;
                taken = waiter;
            }
            else if (lastLeft == null)
                left = lastLeft = waiter;
            else
                lastLeft = lastLeft.NextWaiter = waiter;
            waiter = next;
        }

        _waiters = left;
        return taken;
    }

    // Without the lock: whoever goes on may come back here.
    [HotPath]
    private void Resume(RangeRequest? first, bool isThere)
    {
        while (first != null)
        {
            RangeRequest request = first;
            first = request.NextWaiter;
            request.NextWaiter = null;
            request.Resume(this, isThere);
        }
    }
}
