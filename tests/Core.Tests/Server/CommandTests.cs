// Every command with every flag it takes, in each form and under each plan: what the chain is asked, what the client
// gets. Not: refused requests (RefusalTests), block status (BlockStatusTests).

using System;
using System.Linq;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Server;

public sealed class CommandTests
{
    private static readonly byte[] Data = [.. Enumerable.Range(0, 1000).Select(i => (byte)(i * 7))];

    public static TheoryData<ReplyMode, Latency> Ways => Modes.AllTimesPlans;

    [Theory]
    [MemberData(nameof(Ways))]
    public void What_is_written_is_read(ReplyMode mode, Latency latency)
    {
        using LocalServer server = LocalServer.Start(new FakePlugin { TableOverride = Modes.Table(latency) });
        using RawClient client = server.Open(mode);
        foreach (int size in new[] { 1, 512, 4096, 65_535, 65_536, 65_537, 300_000, 1 << 20 })
        {
            byte[] data = new byte[size];
            new Seed(size).Random.NextBytes(data);
            ulong offset = (ulong)((1 << 20) - size);
            Assert.Equal(0U, client.Write(offset, data).Error);
            Assert.Equal(data, client.Read(offset, size).Data);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Each_command_reaches_the_chain_with_its_flags(ReplyMode mode, Latency latency)
    {
        Journal journal = new();
        FakePlugin plugin = new(journal: journal)
        {
            TableOverride = Modes.Table(latency),
            Describing = (ref ExportInfo info) =>
            {
                info.Fua = FuaSupport.Native;
                info.CanFastZero = true;
            },
        };
        using LocalServer server = LocalServer.Start(plugin);
        using RawClient client = server.Open(mode);
        journal.Take();
        const ushort ZeroFlags = NbdWire.FlagNoHole | NbdWire.FlagFastZero | NbdWire.FlagFua;
        Reply[] replies =
        [
            client.Read(8, 512),
            client.Read(8, 512, NbdWire.FlagFua),
            client.Write(1000, Data),
            client.Write(1000, Data, NbdWire.FlagFua),
            client.Flush(),
            client.Transact(NbdWire.CmdFlush, 0, 0, NbdWire.FlagFua),
            client.Trim(4096, 8192),
            client.Trim(4096, 8192, NbdWire.FlagFua),
            client.Cache(0, 65_536),
            client.Transact(NbdWire.CmdCache, 0, 65_536, NbdWire.FlagFua),
            client.Zero(512, 1024),
            client.Zero(512, 1024, NbdWire.FlagNoHole),
            client.Zero(512, 1024, NbdWire.FlagFastZero),
            client.Zero(512, 1024, NbdWire.FlagFua),
            client.Zero(512, 1024, ZeroFlags),
        ];
        Assert.All(replies, reply => Assert.Equal(0U, reply.Error));
        Assert.Equal(
            [
                "plugin: read 512 8", "plugin: read 512 8", "plugin: write 1000 1000 None",
                "plugin: write 1000 1000 Fua", "plugin: flush", "plugin: flush", "plugin: trim 8192 4096 None",
                "plugin: trim 8192 4096 Fua", "plugin: cache 65536 0", "plugin: cache 65536 0",
                "plugin: zero 1024 512 MayTrim", "plugin: zero 1024 512 None",
                "plugin: zero 1024 512 MayTrim, FastZero",
                "plugin: zero 1024 512 MayTrim, Fua", "plugin: zero 1024 512 Fua, FastZero",
            ],
            journal.Take());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Fua_becomes_a_flush_where_the_plugin_has_no_other(ReplyMode mode, Latency latency)
    {
        Journal journal = new();
        using LocalServer server = LocalServer.Start(
            new FakePlugin(journal: journal) { TableOverride = Modes.Table(latency) });
        using RawClient client = server.Open(mode);
        journal.Take();
        Assert.Equal(0U, client.Write(0, Data, NbdWire.FlagFua).Error);
        Assert.Equal(["plugin: write 1000 0 None", "plugin: flush"], journal.Take());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_fast_zero_that_is_not_fast_is_unsupported(ReplyMode mode, Latency latency)
    {
        FakePlugin plugin = new()
        {
            TableOverride = Modes.Table(latency),
            Describing = (ref ExportInfo info) => info.CanFastZero = true,
            Calling = name => name == "zero" ? Errno.ENOTSUP : Errno.Ok,
        };
        using LocalServer server = LocalServer.Start(plugin);
        using RawClient client = server.Open(mode);
        Assert.Equal(NbdWire.Enotsup, client.Zero(0, 4096, NbdWire.FlagFastZero).Error);
        Assert.Equal(0U, client.Zero(0, 4096).Error);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void An_error_of_the_plugin_goes_to_the_client(ReplyMode mode, Latency latency)
    {
        FakePlugin plugin = new() { TableOverride = Modes.Table(latency) };
        using LocalServer server = LocalServer.Start(plugin);
        using RawClient client = server.Open(mode);
        plugin.Calling = _ => Errno.ENOSPC;
        Assert.Equal(NbdWire.Enospc, client.Read(0, 512).Error);
        Assert.Equal(NbdWire.Enospc, client.Write(0, Data).Error);
        Assert.Equal(NbdWire.Enospc, client.Write(0, new byte[100_000]).Error);
        Assert.Equal(NbdWire.Enospc, client.Flush().Error);
        Assert.Equal(NbdWire.Enospc, client.Trim(0, 512).Error);
        Assert.Equal(NbdWire.Enospc, client.Zero(0, 512).Error);
        Assert.Equal(NbdWire.Enospc, client.Cache(0, 512).Error);
        plugin.Calling = null;
        Assert.Equal(0U, client.Read(0, 512).Error);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void An_exception_costs_its_request_only(ReplyMode mode, Latency latency)
    {
        FakePlugin plugin = new() { TableOverride = Modes.Table(latency) };
        using LocalServer server = LocalServer.Start(plugin);
        using RawClient client = server.Open(mode);
        plugin.Calling = _ => throw new InvalidOperationException("broken");
        Assert.Equal(NbdWire.Eio, client.Read(0, 512).Error);
        Assert.Equal(NbdWire.Eio, client.Write(0, Data).Error);
        Assert.Equal(NbdWire.Eio, client.Write(0, new byte[100_000]).Error);
        Assert.Equal(NbdWire.Eio, client.Flush().Error);
        Assert.Equal(NbdWire.Eio, client.Trim(0, 512).Error);
        Assert.Equal(NbdWire.Eio, client.Zero(0, 512).Error);
        Assert.Equal(NbdWire.Eio, client.Cache(0, 512).Error);
        plugin.Calling = null;
        Assert.Equal(0U, client.Write(0, Data).Error);
        Assert.Equal(Data, client.Read(0, Data.Length).Data);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Requests_in_any_pieces_are_served(ReplyMode mode, Latency latency)
    {
        using LocalServer server = LocalServer.Start(new FakePlugin { TableOverride = Modes.Table(latency) });
        using RawClient client = server.Open(mode);
        bool extended = mode == ReplyMode.Extended;
        Message message = new();
        for (ulong cookie = 1; cookie <= 3; cookie++)
        {
            message.U32(extended ? NbdWire.ExtendedRequestMagic : NbdWire.RequestMagic);
            message.U16(extended ? NbdWire.FlagPayloadLength : (ushort)0).U16(NbdWire.CmdWrite).U64(cookie);
            message.U64(cookie * 1000);
            _ = extended ? message.U64((ulong)Data.Length) : message.U32((uint)Data.Length);
            message.Raw(Data);
        }

        byte[] bytes = message.Bytes.ToArray();
        int at = 0;
        foreach (int piece in new[] { 1, 3, 27, 5, 500, 600, 30, 2, 1000, int.MaxValue })
        {
            int length = Math.Min(piece, bytes.Length - at);
            client.Send(bytes.AsSpan(at, length));
            at += length;
        }

        ulong[] cookies = [1, 2, 3];
        Assert.All(client.ReceiveReplies(cookies), reply => Assert.Equal(0U, reply.Error));
        Assert.Equal(Data, client.Read(2000, Data.Length).Data);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Deep_queues_are_answered_completely(ReplyMode mode, Latency latency)
    {
        using LocalServer server = LocalServer.Start(new FakePlugin { TableOverride = Modes.Table(latency) });
        using RawClient client = server.Open(mode);
        ulong[] cookies = [.. Enumerable.Range(1, 2000).Select(i => (ulong)i)];
        foreach (ulong cookie in cookies)
            client.SendRequest(NbdWire.CmdFlush, cookie, 0, 0);
        Assert.All(client.ReceiveReplies(cookies), reply => Assert.Equal(0U, reply.Error));
    }
}
