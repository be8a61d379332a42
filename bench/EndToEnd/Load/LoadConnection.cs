// One connection with a fixed number of requests under way. Not: many of them, time (LoadRun).

using System;
using System.Diagnostics;
using NbdFast.Bench.EndToEnd.Native;
using NbdFast.Native;
using NbdFast.Protocol;

namespace NbdFast.Bench.EndToEnd.Load;

/// <summary>Keeps its queue full: receives what is there, takes all replies, sends as many new requests.</summary>
internal sealed class LoadConnection : IDisposable
{
    private const int DiscardedFrom = 64 << 10;   // Bytes of a payload that is worth a call of its own.

    private readonly int _socket;
    private readonly RequestSlots _slots;
    private readonly RequestWriter _writer;
    private readonly OffsetSequence _offsets;
    private readonly ReplyReader _reader;
    private readonly bool _discards;

    /// <summary>Opens it.</summary>
    public LoadConnection(LoadOptions options, int number, LatencyHistogram latencies)
    {
        _socket = Handshake.Open(options);
        _slots = new RequestSlots(options.Depth);
        _writer = new RequestWriter(options);
        _offsets = new OffsetSequence(options, number);
        _reader = new ReplyReader(options, _slots, latencies);
        _discards = options.Port > 0 && !options.Verify && !options.Write && options.BlockBytes >= DiscardedFrom;
    }

    /// <summary>The descriptor.</summary>
    public int Socket => _socket;

    /// <summary>Requests wait for room in the socket.</summary>
    public bool IsSending => _writer.IsPending;

    /// <summary>Requests without an answer yet.</summary>
    public int UnderWay => _slots.UnderWay;

    /// <summary>Requests answered since <see cref="Restart"/>.</summary>
    public long Completed => _reader.Completed;

    /// <summary>Begins to count at zero.</summary>
    public void Restart() => _reader.Restart();

    /// <summary>Fills the queue and sends.</summary>
    /// <param name="now">The time stamp of the new requests.</param>
    /// <param name="more">False: only what is pending.</param>
    public void Submit(long now, bool more)
    {
        while (more && _slots.Free > 0 && _writer.HasRoom)
        {
            ulong offset = _offsets.Next();
            _writer.Add(_slots.Begin(offset, now), offset);
        }

        _writer.Flush(_socket);
    }

    /// <summary>Receives once and takes the replies in it.</summary>
    /// <param name="buffer">For what is received; it is worthless afterwards.</param>
    /// <param name="wait">Wait if there is nothing.</param>
    /// <returns>The time stamp of the replies, 0 if nothing had arrived.</returns>
    public long Receive(Span<byte> buffer, bool wait)
    {
        bool discard = _discards && _reader.PayloadLeft > 0;
        nint count;
        if (discard)
            count = ClientSocket.Discard(_socket, _reader.PayloadLeft, wait);
        else
            count = Libc.Receive(_socket, _discards ? buffer[.._reader.HeaderLeft] : buffer, wait);
        if (count <= 0)
        {
            if (!wait && count == -(nint)Errno.EAGAIN)
                return 0;
            throw new LoadException(count switch
            {
                0 => "the server hung up",
                -(nint)Errno.EAGAIN => "the server has been silent for ten seconds",
                _ => $"receive: {(Errno)(-count)}",
            });
        }

        long now = Nanoseconds();
        if (discard)
            _reader.Skip((int)count, now);
        else
            _reader.Take(buffer[..(int)count], now);
        return now;
    }

    /// <summary>A time stamp in nanoseconds.</summary>
    public static long Nanoseconds() => Stopwatch.GetTimestamp();

    /// <summary>Takes leave and closes.</summary>
    public void Dispose()
    {
        Span<byte> farewell = stackalloc byte[Nbd.RequestBytes];
        farewell.Clear();
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(farewell, Nbd.RequestMagic);
        farewell[7] = (byte)NbdCommand.Disconnect;
        _ = Libc.Write(_socket, farewell);   // A server that has gone already has heard it.
        _ = Libc.Close(_socket);
        _writer.Dispose();
    }
}
