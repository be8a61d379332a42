// The transmission part of the raw client: requests and replies in all three forms. Not: the handshake.

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;

namespace NbdFast.Testing;

public sealed partial class RawClient
{
    private ulong _cookie;

    public Reply Read(ulong offset, int count, ushort flags = 0) =>
        Transact(NbdWire.CmdRead, offset, (ulong)count, flags);

    public Reply Write(ulong offset, ReadOnlySpan<byte> data, ushort flags = 0) =>
        Transact(NbdWire.CmdWrite, offset, (ulong)data.Length, flags, data);

    public Reply Flush() => Transact(NbdWire.CmdFlush, 0, 0);

    public Reply Trim(ulong offset, ulong count, ushort flags = 0) =>
        Transact(NbdWire.CmdTrim, offset, count, flags);

    public Reply Zero(ulong offset, ulong count, ushort flags = 0) =>
        Transact(NbdWire.CmdWriteZeroes, offset, count, flags);

    public Reply Cache(ulong offset, ulong count) => Transact(NbdWire.CmdCache, offset, count);

    public Reply BlockStatus(ulong offset, ulong count, ushort flags = 0) =>
        Transact(NbdWire.CmdBlockStatus, offset, count, flags);

    /// <summary>Says goodbye; there is no reply.</summary>
    public void Disconnect() => SendRequest(NbdWire.CmdDisconnect, ++_cookie, 0, 0);

    /// <summary>Sends a request and receives its whole answer, with no other request under way.</summary>
    public Reply Transact(
        ushort command,
        ulong offset,
        ulong count,
        ushort flags = 0,
        ReadOnlySpan<byte> payload = default)
    {
        ulong cookie = ++_cookie;
        SendRequest(command, cookie, offset, count, flags, payload);
        return ReceiveReply(cookie, offset, command == NbdWire.CmdRead ? (int)count : 0);
    }

    /// <summary>Sends a request in the form of <see cref="Mode"/>.</summary>
    public void SendRequest(
        ushort command,
        ulong cookie,
        ulong offset,
        ulong count,
        ushort flags = 0,
        ReadOnlySpan<byte> payload = default)
    {
        Message request = new();
        if (Mode == ReplyMode.Extended)
        {
            // Only a write has a payload, and with extended headers it must say so.
            ushort allFlags = (ushort)(command == NbdWire.CmdWrite ? flags | NbdWire.FlagPayloadLength : flags);
            request.U32(NbdWire.ExtendedRequestMagic).U16(allFlags).U16(command).U64(cookie).U64(offset).U64(count);
        }
        else
        {
            request.U32(NbdWire.RequestMagic).U16(flags).U16(command).U64(cookie).U64(offset).U32((uint)count);
        }

        Send(request.Raw(payload));
    }

    /// <summary>Receives the whole answer to one request.</summary>
    /// <param name="cookie">The request's; another one is an error.</param>
    /// <param name="offset">The request's.</param>
    /// <param name="readCount">The number of bytes, for a read; else 0.</param>
    public Reply ReceiveReply(ulong cookie, ulong offset, int readCount)
    {
        uint magic = ReceiveU32();
        if (magic == NbdWire.SimpleReplyMagic)
        {
            uint error = ReceiveU32();
            Expect(cookie, ReceiveU64());
            return new Reply(error, error == 0 ? Receive(readCount) : [], [], []);
        }

        ReplyParts parts = new(offset, readCount);
        while (true)
        {
            Chunk chunk = ReceiveChunk(magic, cookie);
            parts.Add(chunk);
            if (chunk.IsLast)
                return parts.ToReply();
            magic = ReceiveU32();
        }
    }

    /// <summary>Receives the answers to requests without data, in whatever order they come.</summary>
    /// <param name="cookies">Those of the requests under way; each must come once.</param>
    /// <returns>The answers as they came.</returns>
    public IReadOnlyList<Reply> ReceiveReplies(params ReadOnlySpan<ulong> cookies)
    {
        HashSet<ulong> awaited = [.. cookies];
        List<Reply> replies = [];
        while (awaited.Count > 0)
        {
            uint magic = ReceiveU32();
            bool simple = magic == NbdWire.SimpleReplyMagic;
            uint first = ReceiveU32();
            ulong cookie = ReceiveU64();
            if (!awaited.Remove(cookie))
                throw new InvalidDataException($"the answer {cookie} was not awaited");
            replies.Add(simple ? new Reply(first, [], [], []) : SingleChunk(magic, first));
        }

        return replies;
    }

    private Reply SingleChunk(uint magic, uint flagsAndType)
    {
        Chunk chunk = ReceiveRestOfChunk(magic, (ushort)(flagsAndType >> 16), (ushort)flagsAndType);
        if (!chunk.IsLast)
            throw new InvalidDataException("one chunk was expected");
        ReplyParts parts = new(0, 0);
        parts.Add(chunk);
        return parts.ToReply();
    }

    private Chunk ReceiveChunk(uint magic, ulong cookie)
    {
        ushort flags = ReceiveU16();
        ushort type = ReceiveU16();
        Expect(cookie, ReceiveU64());
        return ReceiveRestOfChunk(magic, flags, type);
    }

    private Chunk ReceiveRestOfChunk(uint magic, ushort flags, ushort type)
    {
        Expect(Mode == ReplyMode.Extended ? NbdWire.ExtendedReplyMagic : NbdWire.StructuredReplyMagic, magic);
        if (Mode == ReplyMode.Extended)
            ReceiveU64();   // The offset, which the server may leave 0.
        ulong length = Mode == ReplyMode.Extended ? ReceiveU64() : ReceiveU32();
        return new Chunk(type, (flags & NbdWire.ChunkDone) != 0, Receive((int)length));
    }

    // Puts an answer together from its chunks.
    private sealed class ReplyParts(ulong offset, int readCount)
    {
        private readonly byte[] _data = new byte[readCount];
        private readonly bool[] _seen = new bool[readCount];
        private readonly List<Chunk> _chunks = [];
        private readonly List<StatusExtent> _extents = [];
        private uint _error;

        public void Add(Chunk chunk)
        {
            _chunks.Add(chunk);
            switch (chunk.Type)
            {
                case NbdWire.ChunkNone:
                    Expect(0, (ulong)chunk.Payload.Length);
                    break;
                case NbdWire.ChunkOffsetData:
                    Place(U64(chunk, 0), chunk.Payload.AsSpan(8));
                    break;
                case NbdWire.ChunkOffsetHole:
                    Place(U64(chunk, 0), new byte[U32(chunk, 8)]);
                    break;
                case NbdWire.ChunkBlockStatus:
                    for (int at = 4; at < chunk.Payload.Length; at += 8)
                        _extents.Add(new StatusExtent(U32(chunk, 0), U32(chunk, at), U32(chunk, at + 4)));
                    break;
                case NbdWire.ChunkBlockStatusExtended:
                    Expect(U32(chunk, 4), (ulong)(chunk.Payload.Length - 8) / 16);
                    for (int at = 8; at < chunk.Payload.Length; at += 16)
                        _extents.Add(new StatusExtent(U32(chunk, 0), U64(chunk, at), U64(chunk, at + 8)));
                    break;
                case NbdWire.ChunkError or NbdWire.ChunkErrorOffset:
                    _error = U32(chunk, 0);
                    break;
                default:
                    throw new InvalidDataException($"unknown chunk type {chunk.Type}");
            }
        }

        public Reply ToReply()
        {
            if (_error == 0 && Array.IndexOf(_seen, false) is var missing and >= 0)
                throw new InvalidDataException($"byte {missing} of the read never came");
            return new Reply(_error, _error == 0 ? _data : [], _chunks, _extents);
        }

        private void Place(ulong position, ReadOnlySpan<byte> bytes)
        {
            int start = checked((int)(position - offset));
            bytes.CopyTo(_data.AsSpan(start));
            Span<bool> seen = _seen.AsSpan(start, bytes.Length);
            if (seen.Contains(true))
                throw new InvalidDataException($"bytes at {position} came twice");
            seen.Fill(true);
        }

        private static uint U32(Chunk chunk, int at) => BinaryPrimitives.ReadUInt32BigEndian(chunk.Payload.AsSpan(at));

        private static ulong U64(Chunk chunk, int at) => BinaryPrimitives.ReadUInt64BigEndian(chunk.Payload.AsSpan(at));
    }
}
