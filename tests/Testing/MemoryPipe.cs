// Bytes on their way from one thread to another, in memory. Not: both directions of a connection (MemoryWire).

using System;
using System.Threading;
using NbdFast.Native;

namespace NbdFast.Testing;

/// <summary>
/// One direction of a connection: a ring of bytes with one thread that writes and one that reads, which may be at work
/// at once; the lock is held to move the cursors and to wait, never to copy. Only the constructor allocates.
/// </summary>
/// <param name="capacity">Bytes that fit before a writer must wait, as a socket's buffers.</param>
internal sealed class MemoryPipe(int capacity)
{
    private readonly object _lock = new();
    private readonly byte[] _ring = new byte[capacity];
    private long _written;
    private long _read;
    private bool _ended;
    private bool _refused;

    /// <summary>Waits until something can be read, or never will be.</summary>
    /// <param name="limitMs">At most so long, or <see cref="Timeout.Infinite"/>.</param>
    /// <returns>False if the time has run out.</returns>
    public bool WaitReadable(int limitMs)
    {
        lock (_lock)
        {
            while (_written == _read && !_ended && !_refused)
                if (!Monitor.Wait(_lock, limitMs))
                    return false;
            return true;
        }
    }

    /// <summary>Waits until something can be written, or never will be; as <see cref="WaitReadable"/>.</summary>
    public bool WaitWritable(int limitMs)
    {
        lock (_lock)
        {
            while (_written - _read == _ring.Length && !_ended && !_refused)
                if (!Monitor.Wait(_lock, limitMs))
                    return false;
            return true;
        }
    }

    /// <summary>Takes what is there, waiting for at least one byte.</summary>
    /// <returns>Bytes; 0 if nothing is there and nothing will come.</returns>
    public int Read(Span<byte> target)
    {
        WaitReadable(Timeout.Infinite);
        return ReadNow(target);
    }

    /// <summary>Takes what is there, if anything is.</summary>
    /// <returns>Bytes.</returns>
    public int ReadNow(Span<byte> target)
    {
        int count = (int)Math.Min(Volatile.Read(ref _written) - _read, target.Length);
        int at = (int)(_read % _ring.Length);
        int first = Math.Min(count, _ring.Length - at);
        _ring.AsSpan(at, first).CopyTo(target);
        _ring.AsSpan(0, count - first).CopyTo(target[first..]);
        lock (_lock)
        {
            _read += count;
            Monitor.PulseAll(_lock);
        }

        return count;
    }

    /// <summary>Puts in as much as fits, waiting for room for at least one byte.</summary>
    /// <returns>Bytes, or the negated EPIPE if nobody will read them.</returns>
    public int Write(ReadOnlySpan<byte> source)
    {
        Span<byte> room = WaitForRoom();
        int count = Math.Min(source.Length, room.Length);
        source[..count].CopyTo(room);
        return Written(room, count);
    }

    /// <summary>As <see cref="Write(ReadOnlySpan{byte})"/>, from a list that is left as it is.</summary>
    public int Write(GatherList source)
    {
        Span<byte> room = WaitForRoom();
        return Written(room, source.CopyTo(room));
    }

    /// <summary>The writer will write nothing more: what is there can be read, then comes the end.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>The reader wants nothing more to come, and writers are told so. What is there can still be
    /// read.</summary>
    public void Refuse()
    {
        lock (_lock)
        {
            _refused = true;
            Monitor.PulseAll(_lock);
        }
    }

    // In one piece: at the end of the ring that is less than there is, which makes a short write. Empty if nobody will
    // read.
    private Span<byte> WaitForRoom()
    {
        WaitWritable(Timeout.Infinite);
        lock (_lock)
        {
            if (_ended || _refused)
                return default;
            int at = (int)(_written % _ring.Length);
            int room = _ring.Length - (int)(_written - _read);
            return _ring.AsSpan(at, Math.Min(room, _ring.Length - at));
        }
    }

    private int Written(Span<byte> room, int count)
    {
        if (room.IsEmpty)
            return -(int)Errno.EPIPE;
        lock (_lock)
        {
            Volatile.Write(ref _written, _written + count);
            Monitor.PulseAll(_lock);
        }

        return count;
    }
}
