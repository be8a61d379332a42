// The bytes of a connection that were received and not used yet. Not: their meaning (Protocol).

using System;
using NbdFast.Native;

namespace NbdFast.Transport;

/// <summary>
/// A buffer that is filled by one call with as much as is there, often many requests. What is parsed is parsed in
/// place; only the cut tail of the last request ever moves.
/// </summary>
internal sealed class ReceiveBuffer : IDisposable
{
    /// <summary>Bytes: enough for a deep queue of small writes.</summary>
    public const int Capacity = 256 << 10;

    private readonly NativeBuffer _memory = new(Capacity);
    private int _start;
    private int _end;

    /// <summary>How many bytes are there.</summary>
    public int Count => _end - _start;

    /// <summary>The bytes that are there.</summary>
    [HotPath]
    public Span<byte> Available => _memory.Span[_start.._end];

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
    [HotPath]
    public bool Fill(IWire wire)
    {
        MakeRoom();
        nint received = wire.Receive(_memory.Span[_end..]);
        if (received <= 0)
            return false;
        _end += (int)received;
        return true;
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

    /// <summary>Moves bytes to <paramref name="target"/>: first those that are there, then what comes, straight to
    /// its place. What comes after it lands here.</summary>
    /// <returns>False if the stream ended before it was full.</returns>
    [HotPath]
    public bool ReceiveExactly(IWire wire, Span<byte> target)
    {
        int there = Math.Min(Count, target.Length);
        Available[..there].CopyTo(target);
        Consume(there);
        target = target[there..];
        while (target.Length > 0)
        {
            nint received = wire.Receive(target, _memory.Span);   // The buffer is empty while the target is not full.
            if (received <= 0)
                return false;
            int placed = (int)Math.Min(received, target.Length);
            target = target[placed..];
            _end = (int)received - placed;
        }

        return true;
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

    public void Dispose() => _memory.Release();

    private void MakeRoom()
    {
        if (_start == 0 || _end < Capacity)
            return;
        Available.CopyTo(_memory.Span);
        _end -= _start;
        _start = 0;
    }
}
