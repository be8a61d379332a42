// What a scripted server says to one client, message by message. Not: accepting clients (ScriptedServer).

using System;
using System.Buffers.Binary;
using System.IO;
using System.Net.Sockets;

namespace NbdFast.Testing;

/// <summary>A request as it came.</summary>
public sealed record ClientRequest(ushort Flags, ushort Command, ulong Cookie, ulong Offset, ulong Length, byte[] Data);

/// <summary>The server's end of a connection.</summary>
public sealed class ServerTalk(Socket socket) : IDisposable
{
    /// <summary>The form of requests and replies.</summary>
    public ReplyMode Mode { get; set; }

    /// <summary>The number that <see cref="Negotiate"/> gives the context base:allocation.</summary>
    public const uint ContextId = 77;

    /// <summary>After so many bytes the connection is closed, whatever is said.</summary>
    public long CutAfter { get; set; } = long.MaxValue;

    /// <summary>Bytes sent so far.</summary>
    public long Sent { get; private set; }

    private bool IsExtended => Mode == ReplyMode.Extended;

    /// <summary>Sends bytes.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        int count = (int)Math.Min(bytes.Length, CutAfter - Sent);
        for (int sent = 0; sent < count;)
            sent += socket.Send(bytes[sent..count]);
        Sent += count;
        if (count == bytes.Length)
            return;
        socket.Shutdown(SocketShutdown.Both);
        throw new IOException("cut");
    }

    /// <summary>Sends a message.</summary>
    public void Send(Message message) => Send(message.Bytes);

    /// <summary>Receives exactly so many bytes.</summary>
    public byte[] Receive(int count)
    {
        byte[] bytes = new byte[count];
        for (int done = 0; done < count;)
        {
            int received = socket.Receive(bytes.AsSpan(done));
            if (received == 0)
                throw new EndOfStreamException("the client has gone");
            done += received;
        }

        return bytes;
    }

    /// <summary>Waits until the client has gone.</summary>
    public void WaitForEnd()
    {
        while (true)
            Receive(1);
    }

    /// <summary>Sends the newstyle greeting and receives the client's flags.</summary>
    public uint Greet(ushort flags = NbdWire.FixedNewstyle | NbdWire.NoZeroes)
    {
        Send(new Message().U64(NbdWire.Magic).U64(NbdWire.OptionMagic).U16(flags));
        return BinaryPrimitives.ReadUInt32BigEndian(Receive(4));
    }

    /// <summary>Receives an option.</summary>
    public (uint Option, byte[] Data) ReceiveOption()
    {
        byte[] header = Receive(16);
        if (BinaryPrimitives.ReadUInt64BigEndian(header) != NbdWire.OptionMagic)
            throw new InvalidDataException("the client's option has a wrong magic number");
        int length = (int)BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(12));
        return (BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(8)), Receive(length));
    }

    /// <summary>Receives options, refusing them, up to a certain one.</summary>
    /// <returns>Its data.</returns>
    public byte[] RefuseUpTo(uint wanted)
    {
        while (true)
        {
            (uint option, byte[] data) = ReceiveOption();
            if (option == wanted)
                return data;
            Reply(option, NbdWire.ReplyUnsupported);
        }
    }

    /// <summary>Replies to an option.</summary>
    public void Reply(uint option, uint type, ReadOnlySpan<byte> data = default) =>
        Send(new Message().U64(NbdWire.OptionReplyMagic).U32(option).U32(type).U32((uint)data.Length).Raw(data));

    /// <summary>Tells of the export and acknowledges.</summary>
    public void Accept(uint option, ulong size, ushort flags)
    {
        Reply(option, NbdWire.ReplyInfo, new Message().U16(NbdWire.InfoExport).U64(size).U16(flags).Bytes);
        Reply(option, NbdWire.ReplyAck);
    }

    /// <summary>Negotiates as a well-behaved server does, up to the first request.</summary>
    public void Negotiate(ReplyMode mode, ulong size, ushort flags)
    {
        Greet();
        while (true)
        {
            (uint option, _) = ReceiveOption();
            switch (option)
            {
                case NbdWire.OptExtendedHeaders when mode == ReplyMode.Extended:
                case NbdWire.OptStructuredReply when mode == ReplyMode.Structured:
                    Reply(option, NbdWire.ReplyAck);
                    Mode = mode;
                    break;
                case NbdWire.OptSetMetaContext:
                    Reply(option, NbdWire.ReplyMetaContext, new Message().U32(ContextId).Text("base:allocation").Bytes);
                    Reply(option, NbdWire.ReplyAck);
                    break;
                case NbdWire.OptGo:
                    Accept(option, size, flags);
                    return;
                default:
                    Reply(option, NbdWire.ReplyUnsupported);
                    break;
            }
        }
    }

    /// <summary>Receives a request, with its data.</summary>
    public ClientRequest ReceiveRequest()
    {
        byte[] header = Receive(IsExtended ? 32 : 28);
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (magic != (IsExtended ? NbdWire.ExtendedRequestMagic : NbdWire.RequestMagic))
            throw new InvalidDataException("the client's request has a wrong magic number");
        ushort command = BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(6));
        ulong length = IsExtended
            ? BinaryPrimitives.ReadUInt64BigEndian(header.AsSpan(24))
            : BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(24));
        if (command == NbdWire.CmdDisconnect)
            throw new EndOfStreamException("the client says goodbye");
        return new ClientRequest(
            BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(4)),
            command,
            BinaryPrimitives.ReadUInt64BigEndian(header.AsSpan(8)),
            BinaryPrimitives.ReadUInt64BigEndian(header.AsSpan(16)),
            length,
            command == NbdWire.CmdWrite ? Receive((int)length) : []);
    }

    /// <summary>Sends a simple reply.</summary>
    public void Simple(ulong cookie, uint error = 0, ReadOnlySpan<byte> data = default) =>
        Send(new Message().U32(NbdWire.SimpleReplyMagic).U32(error).U64(cookie).Raw(data));

    /// <summary>Sends a chunk in the form that was agreed on.</summary>
    /// <param name="cookie">The request's.</param>
    /// <param name="type">What it is.</param>
    /// <param name="payload">What it has.</param>
    /// <param name="flags">Done, or not.</param>
    /// <param name="length">The length that the header tells; null for the right one.</param>
    public void Chunk(
        ulong cookie, ushort type, ReadOnlySpan<byte> payload, ushort flags = NbdWire.ChunkDone, ulong? length = null)
    {
        ulong told = length ?? (ulong)payload.Length;
        Message header = IsExtended
            ? new Message().U32(NbdWire.ExtendedReplyMagic).U16(flags).U16(type).U64(cookie).U64(0).U64(told)
            : new Message().U32(NbdWire.StructuredReplyMagic).U16(flags).U16(type).U64(cookie).U32((uint)told);
        Send(header.Raw(payload));
    }

    /// <summary>The payload of a chunk of data.</summary>
    public static Message Data(ulong offset, ReadOnlySpan<byte> data) => new Message().U64(offset).Raw(data);

    /// <summary>The payload of a chunk for a hole.</summary>
    public static Message Hole(ulong offset, uint length) => new Message().U64(offset).U32(length);

    /// <summary>Closes the connection.</summary>
    public void Dispose() => socket.Dispose();
}
