// A piece of the file that is fetched before it is asked for. Not: which pieces (Readahead).

using System;
using System.Threading;
using NbdFast.Native;

namespace NbdFast.Plugins.Curl;

/// <summary>A range of the file and the memory into which a transfer brings it, from front to back. Readers take what
/// is there and wait for the rest.</summary>
internal sealed class Segment : IProgress
{
    // Of each thread, for it waits for one thing at a time.
    [ThreadStatic]
    private static Waiter? _waiter;

    private readonly object _lock = new();
    private readonly NativeBuffer _memory;
    private readonly SegmentStock _stock;
    private Waiter? _waiters;
    private int _filled;
    private bool _hasEnded;
    private int _users;

    /// <summary>Made once, used for many ranges.</summary>
    public Segment(SegmentStock stock, int capacity)
    {
        _stock = stock;
        _memory = new NativeBuffer(capacity);
    }

    /// <summary>The first byte.</summary>
    public ulong Start { get; private set; }

    /// <summary>Bytes.</summary>
    public int Length { get; private set; }

    /// <summary>Where the range ends.</summary>
    public ulong End => Start + (ulong)Length;

    /// <summary>How many bytes readers have taken; for whoever holds the list of segments.</summary>
    public int Taken { get; set; }

    /// <summary>The transfer has failed.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>What fills the segment, until that has ended.</summary>
    public Transfer? Transfer { get; private set; }

    /// <summary>Begins to fill a range. The one who calls uses the segment from now on, and so does the
    /// transfer.</summary>
    public void Fill(Transfer transfer, ulong start, int length, ulong size)
    {
        Start = start;
        Length = length;
        Taken = 0;
        HasFailed = false;
        _filled = 0;
        _hasEnded = false;
        _users = 2;
        Transfer = transfer;
        transfer.AskRead(_memory.Address, length, start, size);
        transfer.Progress = this;
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

    /// <summary>Copies bytes out, and waits for them if need be.</summary>
    /// <returns>False if they do not come.</returns>
    [HotPath]
    public bool CopyTo(Span<byte> buffer, ulong offset)
    {
        int first = (int)(offset - Start);
        if (Volatile.Read(ref _filled) < first + buffer.Length && !WaitFor(first + buffer.Length))
            return false;
        _memory.Span.Slice(first, buffer.Length).CopyTo(buffer);
        return true;
    }

    /// <inheritdoc/>
    [HotPath]
    public void Advanced(int done)
    {
        lock (_lock)
        {
            Volatile.Write(ref _filled, done);
            WakeUpTo(done);
        }
    }

    /// <inheritdoc/>
    public void Ended(Transfer transfer)
    {
        bool succeeded = transfer.Succeeded;
        if (!succeeded && !transfer.IsCancelled)
            Log.Debug($"read ahead: {transfer.Reason()}");
        lock (_lock)
        {
            HasFailed = !succeeded;
            _hasEnded = true;
            Transfer = null;
            WakeUpTo(int.MaxValue);
        }

        _stock.Return(transfer);
        Leave();
    }

    /// <summary>Nobody will ask for more of it: its transfer need not go on.</summary>
    public void Abandon()
    {
        lock (_lock)
        {
            // Under the lock it has not ended, and is not given back for another use.
            if (Transfer != null)
                _stock.Cancel(Transfer);
        }
    }

    /// <summary>Gives the memory back.</summary>
    public void Release() => _memory.Release();

    [HotPath]
    private bool WaitFor(int needed)
    {
        Waiter waiter = _waiter ??= NewWaiter();
        lock (_lock)
        {
            if (_filled >= needed)
                return true;
            if (_hasEnded)
                return false;
            waiter.Needed = needed;
            waiter.Next = _waiters;
            waiter.Woken.Reset();
            _waiters = waiter;
        }

        waiter.Woken.Wait();
        return Volatile.Read(ref _filled) >= needed;
    }

    // With the lock held: those whose bytes have come, and no others.
    [HotPath]
    private void WakeUpTo(int done)
    {
        Waiter? waiter = _waiters;
        Waiter? left = null;
        while (waiter != null)
        {
            Waiter? next = waiter.Next;
            if (waiter.Needed <= done)
            {
                waiter.Next = null;
                waiter.Woken.Set();
            }
            else
            {
                waiter.Next = left;
                left = waiter;
            }

            waiter = next;
        }

        _waiters = left;
    }

    private static Waiter NewWaiter() => new();

    private sealed class Waiter
    {
        public ManualResetEventSlim Woken { get; } = new(initialState: false, spinCount: 0);

        public int Needed { get; set; }

        public Waiter? Next { get; set; }
    }
}
