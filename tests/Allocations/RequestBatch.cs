// Requests of one kind that are sent again and again, and what must come back. Not: the connection (RawClient).

using System;
using System.Buffers.Binary;
using NbdFast.Testing;

namespace NbdFast.Allocations;

/// <summary>The bytes of a batch and room for its replies, made once: sending and receiving it allocates
/// nothing.</summary>
internal sealed class RequestBatch
{
    private const int SimpleReplyBytes = 16;
    private const int StructuredChunkBytes = 20;
    private const int ExtendedChunkBytes = 32;
    private const int HolePayloadBytes = 12;
    private const int ErrorPayloadBytes = 6;   // Without a text.

    private readonly ReplyMode _mode;
    private readonly byte[] _requests;
    private readonly byte[] _replies;
    private readonly int _replyBytes;
    private readonly bool _fails;

    /// <summary>Makes a batch.</summary>
    /// <param name="mode">The form of requests and replies.</param>
    /// <param name="command">The command of all of them.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="count">How many.</param>
    /// <param name="fails">They are answered with an error without a text.</param>
    /// <param name="isHole">What is read is a hole.</param>
    public RequestBatch(
        ReplyMode mode, ushort command, int length, int count, bool fails = false, bool isHole = false)
    {
        _mode = mode;
        _fails = fails;
        Count = count;
        byte[] payload = command == NbdWire.CmdWrite ? new byte[length] : [];
        Message message = new();
        for (int i = 0; i < count; i++)
            AddRequest(message, command, length, i, payload);
        _requests = message.Bytes.ToArray();
        _replyBytes = fails ? ErrorBytes(mode) : ReplyBytes(mode, command, length, isHole);
        _replies = new byte[_replyBytes * count];
    }

    /// <summary>How many requests.</summary>
    public int Count { get; }

    /// <summary>Sends the requests, receives all replies and asserts that they tell of what is expected.</summary>
    public void Run(RawClient client)
    {
        client.Send(_requests);
        client.ReceiveInto(_replies);
        for (int at = 0; at < _replies.Length; at += _replyBytes)
            if (IsSuccess(_replies.AsSpan(at, _replyBytes)) == _fails)
                Assert.Fail($"reply {at / _replyBytes} is {(_fails ? "a" : "no")} success");
    }

    private void AddRequest(Message message, ushort command, int length, int number, byte[] payload)
    {
        bool isFlush = command == NbdWire.CmdFlush;
        ulong offset = isFlush ? 0 : (ulong)(number % 8 * 4096);
        ulong cookie = (ulong)number;
        if (_mode == ReplyMode.Extended)
        {
            ushort flags = command == NbdWire.CmdWrite ? NbdWire.FlagPayloadLength : (ushort)0;
            message.U32(NbdWire.ExtendedRequestMagic).U16(flags).U16(command).U64(cookie).U64(offset);
            message.U64(isFlush ? 0 : (ulong)length);
        }
        else
        {
            message.U32(NbdWire.RequestMagic).U16(0).U16(command).U64(cookie).U64(offset);
            message.U32(isFlush ? 0 : (uint)length);
        }

        message.Raw(payload);
    }

    // A simple reply has its error behind the magic number; a chunk has its flags there and its type, in which errors
    // have a bit of their own.
    private static bool IsSuccess(ReadOnlySpan<byte> reply)
    {
        uint second = BinaryPrimitives.ReadUInt32BigEndian(reply[4..]);
        return BinaryPrimitives.ReadUInt32BigEndian(reply) == NbdWire.SimpleReplyMagic
            ? second == 0
            : (second & NbdWire.ChunkErrorBit) == 0;
    }

    private static int ErrorBytes(ReplyMode mode) => mode switch
    {
        ReplyMode.Simple => SimpleReplyBytes,
        ReplyMode.Structured => StructuredChunkBytes + ErrorPayloadBytes,
        _ => ExtendedChunkBytes + ErrorPayloadBytes,
    };

    private static int ReplyBytes(ReplyMode mode, ushort command, int length, bool isHole)
    {
        int chunk = mode == ReplyMode.Extended ? ExtendedChunkBytes : StructuredChunkBytes;
        return (command, mode) switch
        {
            (NbdWire.CmdRead, ReplyMode.Simple) => SimpleReplyBytes + length,
            (NbdWire.CmdRead, _) when isHole => chunk + HolePayloadBytes,
            (NbdWire.CmdRead, _) => chunk + 8 + length,
            (NbdWire.CmdBlockStatus, ReplyMode.Structured) => chunk + 4 + 2 * 8,
            (NbdWire.CmdBlockStatus, ReplyMode.Extended) => chunk + 8 + 2 * 16,
            (_, ReplyMode.Extended) => chunk,
            _ => SimpleReplyBytes,
        };
    }
}
