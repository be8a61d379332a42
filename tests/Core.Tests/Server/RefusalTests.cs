// Requests that are refused, over a connection that goes on afterwards. Not: the verdicts one by one
// (Protocol/RequestRulesTests), the limits of data (LimitTests).

using System.Linq;
using System.Text;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Server;

public sealed class RefusalTests
{
    private const ulong Size = 1 << 20;

    public static TheoryData<ReplyMode, Latency> Ways => Modes.AllTimesPlans;

    public static TheoryData<ReplyMode> Chunked => Modes.Chunked;

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_bad_request_gets_its_error_and_the_connection_goes_on(ReplyMode mode, Latency latency)
    {
        using LocalServer server = LocalServer.Start(new FakePlugin { TableOverride = Modes.Table(latency) });
        using RawClient client = server.Open(mode);
        Assert.Equal(NbdWire.Einval, client.Read(Size, 1).Error);
        Assert.Equal(NbdWire.Einval, client.Read(ulong.MaxValue, 1024).Error);
        Assert.Equal(NbdWire.Einval, client.Read(0, 0).Error);
        Assert.Equal(NbdWire.Enospc, client.Write(Size - 1, [1, 2]).Error);
        Assert.Equal(NbdWire.Enospc, client.Write(ulong.MaxValue, [1, 2]).Error);
        Assert.Equal(NbdWire.Einval, client.Write(0, []).Error);
        Assert.Equal(NbdWire.Enospc, client.Zero(Size - 511, 512).Error);
        Assert.Equal(NbdWire.Einval, client.Trim(ulong.MaxValue - 1, 1024).Error);
        Assert.Equal(NbdWire.Einval, client.Cache(Size, 1).Error);
        Assert.Equal(NbdWire.Einval, client.BlockStatus(0, 512).Error);
        Assert.Equal(NbdWire.Einval, client.Transact(99, 0, 512).Error);
        Assert.Equal(NbdWire.Einval, client.Transact(NbdWire.CmdFlush, 0, 512).Error);
        Assert.Equal(NbdWire.Einval, client.Read(0, 512, NbdWire.FlagNoHole).Error);
        Assert.Equal(NbdWire.Einval, client.Write(0, [1, 2, 3], NbdWire.FlagDf).Error);
        Assert.Equal(NbdWire.Einval, client.Zero(0, 512, NbdWire.FlagOne).Error);
        Assert.Equal(NbdWire.Einval, client.Trim(0, 512, 1 << 15).Error);
        Assert.Equal(0U, client.Flush().Error);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_read_only_export_refuses_every_change(ReplyMode mode, Latency latency)
    {
        Journal journal = new();
        using LocalServer server = LocalServer.Start(
            new FakePlugin(journal: journal) { TableOverride = Modes.Table(latency) },
            options: options => options with { ReadOnly = true });
        using RawClient client = server.Open(mode);
        journal.Take();
        Assert.Equal(NbdWire.Eperm, client.Write(0, new byte[512]).Error);
        Assert.Equal(NbdWire.Eperm, client.Write(0, new byte[200_000]).Error);
        Assert.Equal(NbdWire.Eperm, client.Zero(0, 512).Error);
        Assert.Equal(NbdWire.Eperm, client.Trim(0, 512).Error);
        Assert.Equal(0U, client.Read(0, 512).Error);
        Assert.Equal(["plugin: read 512 0"], journal.Take());
    }

    [Fact]
    public void What_the_plugin_cannot_do_is_invalid()
    {
        using LocalServer server = LocalServer.Start(new FakePlugin(Operations.Read | Operations.Write)
        {
            Describing = (ref ExportInfo info) => info.Zero = ZeroSupport.None,
        });
        using RawClient client = server.Open(ReplyMode.Structured);
        Assert.Equal(NbdWire.Einval, client.Flush().Error);
        Assert.Equal(NbdWire.Einval, client.Trim(0, 512).Error);
        Assert.Equal(NbdWire.Einval, client.Zero(0, 512).Error);
        Assert.Equal(NbdWire.Einval, client.Cache(0, 512).Error);
        Assert.Equal(NbdWire.Einval, client.Write(0, [1], NbdWire.FlagFua).Error);
        Assert.Equal(0U, client.Write(0, [1]).Error);
    }

    [Fact]
    public void The_df_flag_needs_structured_replies()
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient simple = server.Open();
        Assert.Equal(NbdWire.Einval, simple.Read(0, 512, NbdWire.FlagDf).Error);
        using RawClient structured = server.Open(ReplyMode.Structured);
        Assert.Equal(0U, structured.Read(0, 512, NbdWire.FlagDf).Error);
    }

    [Theory]
    [MemberData(nameof(Chunked))]
    public void A_refusal_says_why(ReplyMode mode)
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient client = server.Open(mode);
        Assert.Equal("offset and count are out of range", TextOf(client.Read(Size, 1)));
    }

    [Theory]
    [MemberData(nameof(Chunked))]
    public void An_error_carries_what_the_plugin_said(ReplyMode mode)
    {
        string text = new('ä', 2000);
        FakePlugin plugin = new();
        using LocalServer server = LocalServer.Start(plugin);
        using RawClient client = server.Open(mode);
        plugin.Calling = name => name == "read" ? Log.Error(Errno.EIO, $"sector 7 is gone") : Errno.Ok;
        Assert.Equal("sector 7 is gone", TextOf(client.Read(0, 512)));
        plugin.Calling = name => name == "read" ? Log.Error(Errno.EIO, $"{text}") : Errno.Ok;
        Assert.Equal(new string('ä', 512), TextOf(client.Read(0, 512)));
        plugin.Calling = name => name == "read" ? Errno.EIO : Errno.Ok;
        Assert.Equal("", TextOf(client.Read(0, 512)));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void An_error_never_carries_what_was_said_of_another_request(ReplyMode mode, Latency latency)
    {
        FakePlugin plugin = new() { TableOverride = Modes.Table(latency) };
        using LocalServer server = LocalServer.Start(plugin, options: options => options with { Threads = 1 });
        using RawClient client = server.Open(mode);
        plugin.Calling = name =>
        {
            if (name != "flush")
                return Errno.EIO;
            Log.Error("said of a request that succeeds");
            return Errno.Ok;
        };
        Assert.Equal(0U, client.Flush().Error);
        Reply reply = client.Read(0, 512);
        Assert.Equal(NbdWire.Eio, reply.Error);
        if (mode != ReplyMode.Simple)
            Assert.Equal("", TextOf(reply));
    }

    [Theory]
    [InlineData(0U)]
    [InlineData(NbdWire.RequestMagic + 1)]
    [InlineData(NbdWire.ExtendedRequestMagic)]
    [InlineData(NbdWire.SimpleReplyMagic)]
    public void A_wrong_request_magic_ends_the_connection_after_the_replies_before_it(uint magic)
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient client = server.Open();
        client.SendRequest(NbdWire.CmdFlush, 1, 0, 0);
        client.Send(new Message().U32(magic).U16(0).U16(NbdWire.CmdFlush).U64(2).U64(0).U32(0));
        Assert.Equal(0U, client.ReceiveReply(1, 0, 0).Error);
        Assert.Empty(client.ReceiveToEnd());
    }

    [Fact]
    public void A_compact_request_ends_an_extended_connection()
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient client = server.Open(ReplyMode.Extended);
        client.Send(new Message().U32(NbdWire.RequestMagic).U16(0).U16(NbdWire.CmdFlush).U64(2).U64(0).U64(0));
        Assert.Empty(client.ReceiveToEnd());
    }

    private static string TextOf(Reply reply)
    {
        byte[] payload = reply.Chunks.Single().Payload;
        int length = payload[4] << 8 | payload[5];
        Assert.Equal(6 + length, payload.Length);
        return Encoding.UTF8.GetString(payload, 6, length);
    }
}
