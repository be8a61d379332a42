// The bytes of a connection that were received and not used yet. Not: their meaning (Protocol).

using System;
using NbdFast.Buffers;

namespace NbdFast.Transport;

/// <summary>
/// A buffer that is filled by one call with as much as is there, often many requests. What is parsed is parsed in
/// place; only the cut tail of the last request ever moves. The memory is borrowed when it is needed, so that an idle
/// connection has none.
/// </summary>
internal sealed class ReceiveBuffer(BufferPool pool) : IDisposable
{
    /// <summary>Bytes: enough for a deep queue of small writes.</summary>
    public const int Capacity = 256 << 10;

    // What is received behind a large payload is copied when it turns out to be the next one: let it be little.
    private const int BehindPayload = 4 << 10;

    /// <summary>Where the memory is borrowed.</summary>
    public BufferPool Pool => pool;

    private RequestBuffer? _memory;
    private int _start;
    private int _end;

    /// <summary>How many bytes are there.</summary>
    public int Count => _end - _start;

    /// <summary>The bytes that are there.</summary>
    [HotPath]
    public Span<byte> Available => _start == _end ? default : _memory!.Payload(_end)[_start..];

    /// <summary>Whose the bytes are that <see cref="Available"/> shows.</summary>
    public RequestBuffer? Memory => _memory;

    /// <summary>Large payloads follow each other: only so much is received at once as a header needs, so that the
    /// payload can go straight to its place.</summary>
    public bool ExpectsPayload { get; set; }

    /// <summary>Takes off the first bytes.</summary>
    [HotPath]
    public void Consume(int count)
    {
        _start += count;
        if (_start == _end)
            _start = _end = 0;   // From the beginning again: few pages are ever touched by small requests.
    }

    /// <summary>Waits for more bytes.</summary>
    /// <returns>False at the end of the stream, or when the connection broke.</returns>
    public bool Fill(IWire wire) => Receive(wire, wait: true) > 0;

    /// <summary>Receives what is there.</summary>
    /// <param name="wire">Where it comes from.</param>
    /// <param name="wait">Wait for at least one byte.</param>
    /// <returns>The bytes received, 0 at the end of the stream, or the negated errno: EAGAIN if nothing is
    /// there.</returns>
    [HotPath]
    public nint Receive(IWire wire, bool wait)
    {
        Span<byte> room = Room();
        nint received = wait ? wire.Receive(room) : wire.ReceiveNow(room);
        if (received > 0)
            _end += (int)received;
        return received;
    }

    /// <summary>Waits until at least <paramref name="count"/> bytes are there.</summary>
    /// <param name="wire">Where they come from.</param>
    /// <param name="count">At most <see cref="Capacity"/>.</param>
    /// <returns>False if the stream ended before.</returns>
    public bool FillTo(IWire wire, int count)
    {
        while (Count < count)
            if (!Fill(wire))
                return false;
        return true;
    }

    /// <summary>Moves bytes that are there to <paramref name="target"/>.</summary>
    /// <returns>How many.</returns>
    [HotPath]
    public int MoveTo(Span<byte> target)
    {
        int there = Math.Min(Count, target.Length);
        Available[..there].CopyTo(target);
        Consume(there);
        return there;
    }

    /// <summary>Receives into <paramref name="target"/>; what comes behind it, when it is full, lands here. Only while
    /// nothing is here.</summary>
    /// <param name="wire">Where it comes from.</param>
    /// <param name="target">Where the bytes belong; not empty.</param>
    /// <param name="wait">Wait for at least one byte.</param>
    /// <returns>The bytes received, which may be more than the target takes; else as <see cref="Receive"/>.</returns>
    [HotPath]
    public nint ReceiveBehind(IWire wire, Span<byte> target, bool wait)
    {
        Span<byte> room = Room()[..BehindPayload];
        nint received = wait
            ? PayloadWait.Receive(wire, target, room, target.Length)
            : wire.ReceiveNow(target, room);
        _end = (int)Math.Max(0, received - target.Length);
        return received;
    }

    /// <summary>Drops bytes, waiting for them to come.</summary>
    /// <returns>False if the stream ended before.</returns>
    public bool Skip(IWire wire, long count)
    {
        while (true)
        {
            int there = (int)Math.Min(Count, count);
            Consume(there);
            count -= there;
            if (count == 0)
                return true;
            if (!Fill(wire))
                return false;
        }
    }

    /// <summary>Forgets what is there.</summary>
    public void Clear() => _start = _end = 0;

    /// <summary>Takes bytes that were received elsewhere, into memory of the pool that becomes this buffer's. No more
    /// than fit: <see cref="Capacity"/> and what was there before, which is less than a request that is used in
    /// place.</summary>
    [HotPath]
    public void Take(RequestBuffer memory, int count)
    {
        int before = Count;
        if (before == 0)
        {
            Rest();
            (_memory, _start, _end) = (memory, 0, count);
            return;
        }

        // The tail of the last request, which was cut, and what follows it.
        Available.CopyTo(_memory!.Payload(Capacity));
        memory.Payload(count).CopyTo(_memory.Payload(Capacity)[before..]);
        (_start, _end) = (0, before + count);
        pool.Return(memory);
    }

    /// <summary>Gives the memory back if nothing is in it.</summary>
    [HotPath]
    public void Rest()
    {
        if (_start != _end || _memory == null)
            return;
        pool.Return(_memory);
        _memory = null;
    }

    /// <summary>Leaves the memory to whoever still reads what was taken off, and goes on with other memory. Both call
    /// <see cref="Leave"/>, this one here: whoever is the second gives it back.</summary>
    public void Abandon()
    {
        RequestBuffer abandoned = _memory!;
        RequestBuffer memory = pool.Rent(Capacity);
        Available.CopyTo(memory.Payload(Capacity));
        _end -= _start;
        _start = 0;
        _memory = memory;
        Leave(abandoned);
    }

    /// <summary>One of the two does not look at the memory any more. From any thread.</summary>
    public void Leave(RequestBuffer memory)
    {
        if (memory.LeaveAsSecond())
            pool.Return(memory);
    }

    public void Dispose()
    {
        Clear();
        Rest();
    }

    [HotPath]
    private Span<byte> Room()
    {
        _memory ??= pool.Rent(Capacity);
        if (_start > 0 && _end == Capacity)
        {
            Available.CopyTo(_memory.Payload(Capacity));
            _end -= _start;
            _start = 0;
        }

        Span<byte> room = _memory.Payload(Capacity)[_end..];
        return ExpectsPayload && room.Length > BehindPayload ? room[..BehindPayload] : room;
    }
}
