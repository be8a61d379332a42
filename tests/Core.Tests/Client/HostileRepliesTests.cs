// Servers that reply what they must not. Not: the handshake (HostileHandshakeTests).

using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using NbdFast.Client;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Client;

public sealed class HostileRepliesTests
{
    private const ulong Size = 1 << 20;
    private const ushort Flags = NbdWire.HasFlags | NbdWire.SendFlush | NbdWire.SendTrim;
    private const ushort NotDone = 0;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly byte[] Half = new byte[256];
    private static readonly byte[] Whole = new byte[512];

    // Each gets the first request, a read of 512 bytes at 1024, and answers it wrongly.
    private static readonly Dictionary<string, Action<ServerTalk, ClientRequest>> ToReads = new()
    {
        ["nothing, and closes"] = (talk, read) => talk.Dispose(),
        ["a wrong magic number"] = (talk, read) => talk.Send(new Message().U32(0x12345678).U32(0).U64(read.Cookie)),
        ["a simple reply"] = (talk, read) => talk.Simple(read.Cookie, 0, Whole),
        ["a simple error"] = (talk, read) => talk.Simple(read.Cookie, NbdWire.Eio),
        ["another cookie"] = (talk, read) => talk.Chunk(read.Cookie + 1, NbdWire.ChunkNone, []),
        ["a cookie of another use"] = (talk, read) => talk.Chunk(read.Cookie + (1UL << 32), NbdWire.ChunkNone, []),
        ["no data"] = (talk, read) => talk.Chunk(read.Cookie, NbdWire.ChunkNone, []),
        ["an empty chunk with content"] = (talk, read) => talk.Chunk(read.Cookie, NbdWire.ChunkNone, new byte[4]),
        ["an empty chunk that is not the last"] = (talk, read) =>
            talk.Chunk(read.Cookie, NbdWire.ChunkNone, [], NotDone),
        ["half of the data"] = (talk, read) =>
            talk.Chunk(read.Cookie, NbdWire.ChunkOffsetData, ServerTalk.Data(1024, Half).Bytes),
        ["the half behind"] = (talk, read) =>
            talk.Chunk(read.Cookie, NbdWire.ChunkOffsetData, ServerTalk.Data(1024 + 256, Half).Bytes),
        ["one half twice"] = (talk, read) =>
        {
            talk.Chunk(read.Cookie, NbdWire.ChunkOffsetData, ServerTalk.Data(1024, Half).Bytes, NotDone);
            talk.Chunk(read.Cookie, NbdWire.ChunkOffsetData, ServerTalk.Data(1024, Half).Bytes);
        },
        ["parts that overlap behind a gap"] = (talk, read) =>
        {
            talk.Chunk(read.Cookie, NbdWire.ChunkOffsetHole, ServerTalk.Hole(1024 + 256, 256).Bytes, NotDone);
            talk.Chunk(read.Cookie, NbdWire.ChunkOffsetHole, ServerTalk.Hole(1024 + 200, 100).Bytes, NotDone);
            talk.Chunk(read.Cookie, NbdWire.ChunkOffsetHole, ServerTalk.Hole(1024, 200).Bytes);
        },
        ["a part over one behind a gap"] = (talk, read) =>
        {
            talk.Chunk(read.Cookie, NbdWire.ChunkOffsetHole, ServerTalk.Hole(1024 + 256, 256).Bytes, NotDone);
            talk.Chunk(read.Cookie, NbdWire.ChunkOffsetHole, ServerTalk.Hole(1024, 300).Bytes);
        },
        ["data before the range"] = (talk, read) =>
            talk.Chunk(read.Cookie, NbdWire.ChunkOffsetData, ServerTalk.Data(1023, Whole).Bytes),
        ["data that goes on behind the range"] = (talk, read) =>
            talk.Chunk(read.Cookie, NbdWire.ChunkOffsetData, ServerTalk.Data(1025, Whole).Bytes),
        ["data behind the range"] = (talk, read) =>
            talk.Chunk(read.Cookie, NbdWire.ChunkOffsetData, ServerTalk.Data(4096, Whole).Bytes),
        ["data at the end of all numbers"] = (talk, read) =>
            talk.Chunk(read.Cookie, NbdWire.ChunkOffsetData, ServerTalk.Data(ulong.MaxValue - 4, Whole).Bytes),
        ["data without a byte"] = (talk, read) =>
            talk.Chunk(read.Cookie, NbdWire.ChunkOffsetData, ServerTalk.Data(1024, []).Bytes),
        ["data shorter than its offset"] = (talk, read) =>
            talk.Chunk(read.Cookie, NbdWire.ChunkOffsetData, new byte[7]),
        ["data of 4 GiB"] = (talk, read) =>
            talk.Chunk(read.Cookie, NbdWire.ChunkOffsetData, ServerTalk.Data(1024, Whole).Bytes, length: uint.MaxValue),
        ["a hole that is too long"] = (talk, read) =>
            talk.Chunk(read.Cookie, NbdWire.ChunkOffsetHole, ServerTalk.Hole(1024, 513).Bytes),
        ["a hole of 4 GiB"] = (talk, read) =>
            talk.Chunk(read.Cookie, NbdWire.ChunkOffsetHole, ServerTalk.Hole(1024, uint.MaxValue).Bytes),
        ["a hole of nothing"] = (talk, read) =>
            talk.Chunk(read.Cookie, NbdWire.ChunkOffsetHole, ServerTalk.Hole(1024, 0).Bytes),
        ["a hole with more in it"] = (talk, read) =>
            talk.Chunk(read.Cookie, NbdWire.ChunkOffsetHole, ServerTalk.Hole(1024, 512).U32(0).Bytes),
        ["a hole with less in it"] = (talk, read) =>
            talk.Chunk(read.Cookie, NbdWire.ChunkOffsetHole, new byte[8]),
        ["extents"] = (talk, read) => talk.Chunk(
            read.Cookie, NbdWire.ChunkBlockStatus, new Message().U32(ServerTalk.ContextId).U32(512).U32(0).Bytes),
        ["an unknown type"] = (talk, read) => talk.Chunk(read.Cookie, 1234, Whole),
        ["an error without its code"] = (talk, read) => talk.Chunk(read.Cookie, NbdWire.ChunkError, new byte[5]),
        ["an error without a length"] = (talk, read) => talk.Chunk(read.Cookie, NbdWire.ChunkError, []),
        ["an error whose text is longer than it"] = (talk, read) =>
            talk.Chunk(read.Cookie, NbdWire.ChunkError, new Message().U32(5).U16(100).Text("short").Bytes),
        ["an error whose text is shorter than it"] = (talk, read) =>
            talk.Chunk(read.Cookie, NbdWire.ChunkError, new Message().U32(5).U16(2).Text("long").Bytes),
        ["an error of 4 GiB"] = (talk, read) =>
            talk.Chunk(read.Cookie, NbdWire.ChunkError, new byte[64], length: uint.MaxValue),
        ["an error at an offset without the offset"] = (talk, read) =>
            talk.Chunk(read.Cookie, NbdWire.ChunkErrorOffset, new Message().U32(5).U16(0).Bytes),
        ["an error that is none"] = (talk, read) =>
            talk.Chunk(read.Cookie, NbdWire.ChunkError, new Message().U32(0).U16(0).Bytes),
        ["an error of the future"] = (talk, read) =>
            talk.Chunk(read.Cookie, 0x8000 + 99, new Message().U32(5).U16(60000).Raw(new byte[50]).Bytes),
        ["an error and then all of the data"] = (talk, read) =>
        {
            talk.Chunk(read.Cookie, NbdWire.ChunkError, new Message().U32(5).U16(0).Bytes, NotDone);
            talk.Chunk(read.Cookie, NbdWire.ChunkOffsetData, ServerTalk.Data(1024, Whole).Bytes);
        },
        ["part of a header"] = (talk, read) =>
        {
            talk.Send([0x66, 0x8e, 0x33]);
            talk.Dispose();
        },
    };

    private static readonly Dictionary<string, Func<Message>> Extents = new()
    {
        ["of another context"] = () => new Message().U32(78).U32(512).U32(0),
        ["without one"] = () => new Message().U32(ServerTalk.ContextId),
        ["without a context"] = () => new Message().U16(1),
        ["half an extent"] = () => new Message().U32(ServerTalk.ContextId).U32(512).U32(0).U32(512),
        ["of no length"] = () => new Message().U32(ServerTalk.ContextId).U32(0).U32(0),
        ["behind the end of the disk"] = () => new Message().U32(ServerTalk.ContextId).U32((uint)Size).U32(0),
        ["more and more"] = () =>
            new Message().U32(ServerTalk.ContextId).U32((uint)Size - 2048).U32(0).U32(2048).U32(1),
    };

    public static TheoryData<string> RepliesToReads => [.. ToReads.Keys];

    public static TheoryData<string> RepliesToStatus => [.. Extents.Keys];

    [Theory]
    [MemberData(nameof(RepliesToReads))]
    public async Task A_wrong_reply_to_a_read_is_an_error_of_the_read(string reply)
    {
        using ScriptedServer server = new(talk =>
        {
            talk.Negotiate(ReplyMode.Structured, Size, Flags);
            ToReads[reply](talk, talk.ReceiveRequest());
            talk.WaitForEnd();
        });
        using RemoteServer remote = new(new NbdAddress.Unix(server.SocketPath), null);
        using RemoteExport export = RemoteExport.Open(remote, "");
        Assert.NotEqual(Errno.Ok, await export.ReadAsync(new byte[512], 1024).AsTask().WaitAsync(Patience));
    }

    [Theory]
    [MemberData(nameof(RepliesToStatus))]
    public async Task Wrong_extents_are_an_error_of_the_request(string what)
    {
        using ScriptedServer server = new(talk =>
        {
            talk.Negotiate(ReplyMode.Structured, Size, Flags);
            talk.Chunk(talk.ReceiveRequest().Cookie, NbdWire.ChunkBlockStatus, Extents[what]().Bytes);
            talk.WaitForEnd();
        });
        using RemoteServer remote = new(new NbdAddress.Unix(server.SocketPath), null);
        using RemoteExport export = RemoteExport.Open(remote, "");
        ExtentList list = new(1024, 512);
        ValueTask<Errno> answer = export.ExtentsAsync(512, 1024, RequestFlags.None, list);
        Assert.NotEqual(Errno.Ok, await answer.AsTask().WaitAsync(Patience));
    }

    [Fact]
    public async Task A_reply_that_comes_twice_costs_the_connection_and_what_was_under_way()
    {
        using ScriptedServer server = new(talk =>
        {
            talk.Negotiate(ReplyMode.Simple, Size, Flags);
            ClientRequest first = talk.ReceiveRequest();
            talk.ReceiveRequest();
            talk.Simple(first.Cookie);
            talk.Simple(first.Cookie);
            talk.WaitForEnd();
        });
        using RemoteServer remote = new(new NbdAddress.Unix(server.SocketPath), null);
        using RemoteExport export = RemoteExport.Open(remote, "");
        Task<Errno> first = export.FlushAsync().AsTask(), second = export.FlushAsync().AsTask();
        Assert.Equal(Errno.Ok, await first.WaitAsync(Patience));
        Assert.Equal(Errno.ESHUTDOWN, await second.WaitAsync(Patience));
        Assert.Equal(Errno.ESHUTDOWN, await export.FlushAsync().AsTask().WaitAsync(Patience));
        Assert.False(export.IsAlive);
    }

    [Fact]
    public async Task A_write_that_is_answered_before_it_was_received_ends_when_it_was_sent()
    {
        byte[] data = new byte[16 << 20];
        data.AsSpan().Fill(0x5a);
        TaskCompletionSource isAnswered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        byte[] received = [];
        using ScriptedServer server = new(talk =>
        {
            talk.Negotiate(ReplyMode.Simple, Size << 10, Flags);
            byte[] header = talk.Receive(28);
            talk.Simple(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(header.AsSpan(8)), NbdWire.Enospc);
            isAnswered.SetResult();
            received = talk.Receive(data.Length);
            talk.WaitForEnd();
        });
        using RemoteServer remote = new(new NbdAddress.Unix(server.SocketPath), null);
        using RemoteExport export = RemoteExport.Open(remote, "");
        Task<Errno> write = export.WriteAsync(data, 0, RequestFlags.None).AsTask();
        await isAnswered.Task.WaitAsync(Patience);
        Assert.Equal(Errno.ENOSPC, await write.WaitAsync(Patience));
        data.AsSpan().Clear();   // The memory is the caller's again: nothing of this may reach the server.
        export.Dispose();
        server.Dispose();
        Assert.Equal(-1, received.AsSpan().IndexOfAnyExcept((byte)0x5a));
    }

    [Theory]
    [InlineData(ReplyMode.Simple)]
    [InlineData(ReplyMode.Structured)]
    [InlineData(ReplyMode.Extended)]
    public async Task A_connection_that_is_cut_at_any_byte_ends_everything_that_waits(ReplyMode mode)
    {
        long whole = await Session(mode, long.MaxValue);
        for (long cut = 0; cut < whole; cut++)
            await Session(mode, cut);
    }

    // A handshake, a read in two chunks, a flush that fails, extents. Returns how much the server said.
    private static async Task<long> Session(ReplyMode mode, long cutAfter)
    {
        long said = 0;
        using ScriptedServer server = new(talk =>
        {
            talk.CutAfter = cutAfter;
            talk.Negotiate(mode, Size, Flags);
            AnswerAll(talk, mode);
            said = talk.Sent;
        });
        using RemoteServer remote = new(new NbdAddress.Unix(server.SocketPath), null);
        try
        {
            using RemoteExport export = RemoteExport.Open(remote, "");
            Errno read = await export.ReadAsync(new byte[512], 1024).AsTask().WaitAsync(Patience);
            Errno flush = await export.FlushAsync().AsTask().WaitAsync(Patience);
            Errno extents = mode == ReplyMode.Simple
                ? Errno.Ok
                : await export.ExtentsAsync(512, 1024, RequestFlags.None, new ExtentList(1024, 512)).AsTask()
                    .WaitAsync(Patience);
            bool isWhole = read == Errno.Ok && flush == Errno.EIO && extents == Errno.Ok;
            Assert.Equal(cutAfter == long.MaxValue, isWhole);
        }
        catch (RemoteException)
        {
            Assert.NotEqual(long.MaxValue, cutAfter);
        }

        server.Dispose();
        return said;
    }

    private static void AnswerAll(ServerTalk talk, ReplyMode mode)
    {
        ClientRequest read = talk.ReceiveRequest();
        if (mode == ReplyMode.Simple)
        {
            talk.Simple(read.Cookie, 0, Whole);
            talk.Simple(talk.ReceiveRequest().Cookie, NbdWire.Eio);
            return;
        }

        talk.Chunk(read.Cookie, NbdWire.ChunkOffsetData, ServerTalk.Data(1024 + 256, Half).Bytes, NotDone);
        talk.Chunk(read.Cookie, NbdWire.ChunkOffsetHole, ServerTalk.Hole(1024, 256).Bytes);
        talk.Chunk(
            talk.ReceiveRequest().Cookie, NbdWire.ChunkError, new Message().U32(5).U16(3).Text("bad").Bytes);
        ulong status = talk.ReceiveRequest().Cookie;
        if (mode == ReplyMode.Structured)
            talk.Chunk(
                status, NbdWire.ChunkBlockStatus, new Message().U32(ServerTalk.ContextId).U32(512).U32(3).Bytes);
        else
            talk.Chunk(
                status, NbdWire.ChunkBlockStatusExtended,
                new Message().U32(ServerTalk.ContextId).U32(1).U64(512).U64(3).Bytes);
    }
}
