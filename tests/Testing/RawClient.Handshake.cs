// The handshake part of the raw client: greeting, options, information. Not: requests.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace NbdFast.Testing;

public sealed partial class RawClient
{
    private const int ExportNamePadding = 124;

    /// <summary>The size that the server told.</summary>
    public ulong ExportSize { get; private set; }

    /// <summary>The transmission flags that the server told.</summary>
    public ushort ExportFlags { get; private set; }

    /// <summary>The numbers of the metadata contexts that were set, by name.</summary>
    public Dictionary<string, uint> Contexts { get; } = new(StringComparer.Ordinal);

    /// <summary>Connects and negotiates, as a well-behaved client does.</summary>
    public static RawClient Open(
        ServerProcess server,
        ReplyMode mode = ReplyMode.Simple,
        string export = "",
        params ReadOnlySpan<string> contexts) => Open(Connect(server), mode, export, contexts);

    /// <summary>Negotiates on a new connection, as a well-behaved client does.</summary>
    /// <returns>The client that was given.</returns>
    public static RawClient Open(
        RawClient client,
        ReplyMode mode = ReplyMode.Simple,
        string export = "",
        params ReadOnlySpan<string> contexts)
    {
        client.Greet();
        client.Negotiate(mode);
        if (!contexts.IsEmpty)
            client.SetContexts(export, contexts);
        client.Go(export);
        return client;
    }

    /// <summary>Receives the newstyle greeting and answers it.</summary>
    /// <returns>The server's handshake flags.</returns>
    public ushort Greet(uint clientFlags = NbdWire.FixedNewstyle | NbdWire.NoZeroes)
    {
        Expect(NbdWire.Magic, ReceiveU64());
        Expect(NbdWire.OptionMagic, ReceiveU64());
        ushort flags = ReceiveU16();
        Send(new Message().U32(clientFlags));
        return flags;
    }

    /// <summary>Asks for a way of replying and insists on getting it.</summary>
    public void Negotiate(ReplyMode mode)
    {
        if (mode == ReplyMode.Simple)
            return;
        uint option = mode == ReplyMode.Structured ? NbdWire.OptStructuredReply : NbdWire.OptExtendedHeaders;
        OptionReply reply = Option(option, []).Single();
        Expect(NbdWire.ReplyAck, reply.Type);
        Mode = mode;
    }

    /// <summary>Sets metadata contexts; which of them the server has is in <see cref="Contexts"/>.</summary>
    public void SetContexts(string export, params ReadOnlySpan<string> names)
    {
        Message query = new Message().LengthAndText(export).U32((uint)names.Length);
        foreach (string name in names)
            query.LengthAndText(name);
        IReadOnlyList<OptionReply> replies = Option(NbdWire.OptSetMetaContext, query.Bytes);
        Expect(NbdWire.ReplyAck, replies[^1].Type);
        Contexts.Clear();
        foreach (OptionReply reply in replies.SkipLast(1))
            Contexts.Add(Encoding.UTF8.GetString(reply.Data.AsSpan(4)), reply.U32(0));
    }

    /// <summary>Chooses the export and insists on getting it.</summary>
    public IReadOnlyList<OptionReply> Go(string export = "", params ReadOnlySpan<ushort> infos)
    {
        IReadOnlyList<OptionReply> replies = Option(NbdWire.OptGo, InfoRequest(export, infos).Bytes);
        if (replies[^1].IsError)
            throw new InvalidDataException($"the server refused: 0x{replies[^1].Type:x} {replies[^1].Text}");
        OptionReply told = replies.Single(reply =>
            reply.Type == NbdWire.ReplyInfo && reply.InfoType == NbdWire.InfoExport);
        ExportSize = told.U64(2);
        ExportFlags = told.U16(10);
        return replies;
    }

    /// <summary>Chooses the export in the old way, which cannot be refused politely.</summary>
    public void ExportName(string export, bool padding = false)
    {
        SendOption(NbdWire.OptExportName, Encoding.UTF8.GetBytes(export));
        ExportSize = ReceiveU64();
        ExportFlags = ReceiveU16();
        if (padding)
            Receive(ExportNamePadding);
    }

    /// <summary>The data of INFO and GO.</summary>
    public static Message InfoRequest(string export, params ReadOnlySpan<ushort> infos)
    {
        Message request = new Message().LengthAndText(export).U16((ushort)infos.Length);
        foreach (ushort info in infos)
            request.U16(info);
        return request;
    }

    /// <summary>Sends an option and receives all replies: the last one acknowledges or is an error.</summary>
    public IReadOnlyList<OptionReply> Option(uint option, ReadOnlySpan<byte> data)
    {
        SendOption(option, data);
        List<OptionReply> replies = [];
        do
        {
            replies.Add(ReceiveOptionReply());
            Expect(option, replies[^1].Option);
        }
        while (replies[^1] is { Type: not NbdWire.ReplyAck, IsError: false });
        return replies;
    }

    /// <summary>Sends an option.</summary>
    public void SendOption(uint option, ReadOnlySpan<byte> data) =>
        Send(new Message().U64(NbdWire.OptionMagic).U32(option).U32((uint)data.Length).Raw(data));

    /// <summary>Receives a reply to an option.</summary>
    public OptionReply ReceiveOptionReply()
    {
        Expect(NbdWire.OptionReplyMagic, ReceiveU64());
        uint option = ReceiveU32();
        uint type = ReceiveU32();
        return new OptionReply(option, type, Receive((int)ReceiveU32()));
    }

    private static void Expect(ulong expected, ulong received)
    {
        if (received != expected)
            throw new InvalidDataException($"0x{expected:x} was expected, 0x{received:x} received");
    }
}
