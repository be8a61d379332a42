// Replies out of whatever pieces the socket gives. Not: what a finished request leads to (LoadConnection).

using System;
using System.Buffers.Binary;
using NbdFast.Protocol;

namespace NbdFast.Bench.EndToEnd.Load;

/// <summary>Parses a stream of simple replies and checks each: the magic number, the error, the cookie, and the data if
/// asked to.</summary>
internal sealed class ReplyReader(LoadOptions options, RequestSlots slots, LatencyHistogram latencies)
{
    private readonly byte[] _cut = new byte[Nbd.SimpleReplyBytes];
    private readonly int _payloadBytes = options.Write ? 0 : options.BlockBytes;
    private int _cutBytes;
    private ulong _cookie;
    private ulong _offset;

    /// <summary>Replies that were complete.</summary>
    public long Completed { get; private set; }

    /// <summary>Bytes of payload of the current reply that are still to come.</summary>
    public int PayloadLeft { get; private set; }

    /// <summary>Bytes of the next header that are still to come.</summary>
    public int HeaderLeft => Nbd.SimpleReplyBytes - _cutBytes;

    /// <summary>Takes what was received.</summary>
    public void Take(ReadOnlySpan<byte> data, long now)
    {
        while (data.Length > 0)
        {
            if (PayloadLeft > 0)
            {
                int part = Math.Min(PayloadLeft, data.Length);
                if (options.Verify)
                    Verify(data[..part]);
                data = data[part..];
                Skip(part, now);
            }
            else if (_cutBytes == 0 && data.Length >= Nbd.SimpleReplyBytes)
            {
                Begin(data, now);
                data = data[Nbd.SimpleReplyBytes..];
            }
            else
            {
                int part = Math.Min(HeaderLeft, data.Length);
                data[..part].CopyTo(_cut.AsSpan(_cutBytes));
                _cutBytes += part;
                data = data[part..];
                if (_cutBytes < Nbd.SimpleReplyBytes)
                    return;
                _cutBytes = 0;
                Begin(_cut, now);
            }
        }
    }

    /// <summary>Counts payload that was dropped unseen.</summary>
    public void Skip(int count, long now)
    {
        PayloadLeft -= count;
        if (PayloadLeft == 0)
            Complete(now);
    }

    /// <summary>Begins to count at zero.</summary>
    public void Restart()
    {
        Completed = 0;
        latencies.Clear();
    }

    private void Begin(ReadOnlySpan<byte> header, long now)
    {
        if (BinaryPrimitives.ReadUInt32BigEndian(header) != Nbd.SimpleReplyMagic)
            throw new LoadException("what should be a reply is none");
        uint error = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        if (error != 0)
            throw new LoadException($"a request failed: {(NbdError)error}");
        _cookie = BinaryPrimitives.ReadUInt64BigEndian(header[8..]);
        _offset = slots.OffsetOf(_cookie);
        PayloadLeft = _payloadBytes;
        if (PayloadLeft == 0)
            Complete(now);
    }

    private void Complete(long now)
    {
        latencies.Record(now - slots.End(_cookie));
        Completed++;
    }

    private void Verify(ReadOnlySpan<byte> data)
    {
        ulong place = _offset + (ulong)(_payloadBytes - PayloadLeft);
        bool right = options.Zeros ? !data.ContainsAnyExcept((byte)0) : DiskPattern.Matches(data, place);
        if (!right)
            throw new LoadException($"wrong data at offset {_offset}");
    }
}
