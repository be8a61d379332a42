// How connections end: by the client, politely or not, and by the server. Not: ends that a unit asks for
// (DisconnectTests), bad requests (RefusalTests).

using System;
using System.Linq;
using NbdFast.Testing;
using NbdFast.Transport;

namespace NbdFast.Core.Tests.Server;

public sealed class EndTests
{
    public static TheoryData<ReplyMode, Latency> Ways => Modes.AllTimesPlans;

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_half_closed_connection_still_gets_all_its_replies(ReplyMode mode, Latency latency)
    {
        using LocalServer server = LocalServer.Start(new FakePlugin { TableOverride = Modes.Table(latency) });
        using RawClient client = server.Open(mode);
        ulong[] cookies = [.. Enumerable.Range(1, 500).Select(i => (ulong)i)];
        foreach (ulong cookie in cookies)
            client.SendRequest(NbdWire.CmdTrim, cookie, 0, 512);
        client.EndSending();
        Assert.All(client.ReceiveReplies(cookies), reply => Assert.Equal(0U, reply.Error));
        Assert.Empty(client.ReceiveToEnd());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_goodbye_is_answered_by_what_was_asked_before(ReplyMode mode, Latency latency)
    {
        Journal journal = new();
        using LocalServer server = LocalServer.Start(
            new FakePlugin(journal: journal) { TableOverride = Modes.Table(latency) });
        using RawClient client = server.Open(mode);
        ulong[] cookies = [.. Enumerable.Range(1, 100).Select(i => (ulong)i)];
        foreach (ulong cookie in cookies)
            client.SendRequest(NbdWire.CmdCache, cookie, 0, 512);
        client.Disconnect();
        // Too late; the server may have gone before it is sent.
        Exception? late = Record.Exception(() => client.SendRequest(NbdWire.CmdTrim, 101, 0, 512));
        Assert.True(late is null or System.Net.Sockets.SocketException);
        client.ReceiveReplies(cookies);
        Assert.Empty(client.ReceiveToEnd());
        server.Dispose();
        Assert.Empty(journal.With("trim"));
        Assert.Equal(
            ["plugin: finish", "plugin: close", "plugin: cleanup", "plugin: unload"], journal.Lines.TakeLast(4));
    }

    [Theory]
    [InlineData(Latency.Memory, 100)]
    [InlineData(Latency.Memory, 1 << 20)]
    [InlineData(Latency.Blocking, 100)]
    [InlineData(Latency.Blocking, 1 << 20)]
    public void A_client_that_vanishes_inside_of_a_payload_leaves_nothing(Latency latency, int payload)
    {
        Journal journal = new();
        using LocalServer server = LocalServer.Start(
            new FakePlugin(journal: journal) { TableOverride = Modes.Table(latency) });
        using (RawClient client = server.Open())
        {
            client.SendRequest(NbdWire.CmdWrite, 1, 0, (ulong)payload, 0, new byte[payload - 1]);
        }

        using RawClient next = server.Open();
        Assert.Equal(0U, next.Flush().Error);
        Assert.Empty(journal.With("write"));
    }

    [Fact]
    public void Clients_that_vanish_with_requests_under_way_leave_nothing()
    {
        Barrier barrier = new();
        Journal journal = new();
        FakePlugin plugin = new(journal: journal)
        {
            TableOverride = Modes.Table(Latency.Blocking),
            Calling = name => name == "read" ? barrier.Pass() : Errno.Ok,
        };
        using LocalServer server = LocalServer.Start(plugin);
        for (int i = 0; i < 5; i++)
        {
            using RawClient client = server.Open();
            for (ulong cookie = 1; cookie <= 4; cookie++)
                client.SendRequest(NbdWire.CmdRead, cookie, 0, 300_000);
            barrier.WaitFor(4 * (i + 1));
        }

        barrier.Open();
        using (RawClient next = server.Open())
            Assert.Equal(0U, next.Flush().Error);
        server.Dispose();
        Assert.Equal(6, journal.With("close").Count);
    }

    [Fact]
    public void A_client_that_never_reads_does_not_hold_up_others()
    {
        using LocalServer server = LocalServer.Start(
            new FakePlugin { Disk = new byte[8 << 20], TableOverride = Modes.Table(Latency.Blocking) });
        using RawClient deaf = server.Open();
        Message reads = new();
        for (ulong cookie = 0; cookie < 64; cookie++)
            reads.U32(NbdWire.RequestMagic).U16(0).U16(NbdWire.CmdRead).U64(cookie).U64(0).U32(4 << 20);
        deaf.SendWhatFits(reads.Bytes);
        using RawClient other = server.Open();
        for (int i = 0; i < 20; i++)
            Assert.Equal(1 << 20, other.Read(0, 1 << 20).Data.Length);
        server.Dispose();   // And it does not hold up the end.
    }

    [Fact]
    public void The_server_ends_with_clients_in_every_state()
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient silent = server.Connect();
        using RawClient greeted = server.Connect();
        greeted.Greet();
        using RawClient inOption = server.Connect();
        inOption.Greet();
        inOption.Send(new Message().U64(NbdWire.OptionMagic).U32(NbdWire.OptGo));
        using RawClient idle = server.Open();
        using RawClient inPayload = server.Open();
        inPayload.SendRequest(NbdWire.CmdWrite, 1, 0, 100_000, 0, new byte[50_000]);
        Assert.Equal(0U, idle.Flush().Error);
        server.Dispose();
        Assert.Empty(idle.ReceiveToEnd());
        Assert.Empty(inPayload.ReceiveToEnd());
        Assert.Empty(greeted.ReceiveToEnd());
    }

    [Theory]
    [InlineData(Latency.Memory)]
    [InlineData(Latency.Blocking)]
    public void Requests_that_were_started_get_their_replies_when_the_server_ends(Latency latency)
    {
        Barrier barrier = new();
        FakePlugin plugin = new()
        {
            TableOverride = Modes.Table(latency),
            Calling = name => name == "trim" ? barrier.Pass() : Errno.Ok,
        };
        using LocalServer server = LocalServer.Start(plugin);
        using RawClient client = server.Open();
        client.SendRequest(NbdWire.CmdTrim, 1, 0, 512);
        barrier.WaitFor(1);
        server.Stop();
        Assert.False(client.HasBytes(100));
        barrier.Open();
        client.ReceiveReplies(1);
        Assert.Empty(client.ReceiveToEnd());
        server.WaitForEnd();
    }

    [Fact]
    public void The_last_reply_arrives_over_tcp_although_the_client_goes_on_sending()
    {
        Barrier barrier = new();
        FakePlugin plugin = new()
        {
            Disk = new byte[4 << 20],
            TableOverride = Modes.Table(),
            Calling = name => name == "trim" ? barrier.Pass() : Errno.Ok,
        };
        using LocalServer server = LocalServer.Start(
            plugin,
            options: options => options with
            {
                Addresses = [new ListenAddress.Tcp("127.0.0.1", "0", AddressFamilyChoice.IPv4)],
            });
        using RawClient client = RawClient.Open(RawClient.ConnectTcp(server.Ports[0]));
        client.SendRequest(NbdWire.CmdTrim, 1, 0, 512);
        barrier.WaitFor(1);
        for (ulong cookie = 2; cookie < 4; cookie++)
            client.SendRequest(NbdWire.CmdWrite, cookie, 0, 400_000, 0, new byte[400_000]);
        server.Stop();
        barrier.Open();
        server.WaitForEnd();   // By now a reset would have come, if any.

        // Where another thread took over from the one that was held up, replies to the writes come before it.
        byte[] replies = client.ReceiveToEnd();
        byte[] awaited = [.. new Message().U32(NbdWire.SimpleReplyMagic).U32(0).U64(1).Bytes];
        Assert.Contains(awaited, replies.Chunk(awaited.Length));
    }

    [Fact]
    public void A_unit_that_hangs_does_not_hold_up_the_end_for_ever()
    {
        Barrier barrier = new();
        FakePlugin plugin = new()
        {
            TableOverride = Modes.Table(Latency.Blocking),
            Calling = name => name == "trim" ? barrier.Pass() : Errno.Ok,
        };
        LocalServer server = LocalServer.Start(plugin);
        using RawClient client = server.Open();
        client.SendRequest(NbdWire.CmdTrim, 1, 0, 512);
        barrier.WaitFor(1);
        server.Dispose();
        Assert.Empty(client.ReceiveToEnd());
        barrier.Open();   // Whatever the request does now, the process lives on.
    }

    [Fact]
    public void A_hundred_connections_come_and_go()
    {
        Journal journal = new();
        using LocalServer server = LocalServer.Start(new FakePlugin(journal: journal));
        for (int i = 0; i < 100; i++)
        {
            using RawClient client = server.Open((ReplyMode)(i % 3));
            Assert.Equal(0U, client.Write(0, [1, 2, 3]).Error);
        }

        server.Dispose();
        Assert.Equal(100, journal.With("close").Count);
    }
}
