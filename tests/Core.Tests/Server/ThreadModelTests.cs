// Which requests run at once. Not: how a plan is chosen (Chain).

using System.Linq;
using System.Threading;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Server;

public sealed class ThreadModelTests
{
    [Fact]
    public void A_slow_read_does_not_hold_up_those_behind_it()
    {
        Barrier barrier = new();
        using LocalServer server = LocalServer.Start(Plugin(ThreadModel.Parallel, barrier, "read"));
        using RawClient client = server.Open();
        client.SendRequest(NbdWire.CmdRead, 1, 0, 512);
        barrier.WaitFor(1);
        client.SendRequest(NbdWire.CmdFlush, 2, 0, 0);
        client.SendRequest(NbdWire.CmdWrite, 3, 0, 3, 0, [1, 2, 3]);
        client.ReceiveReplies(2, 3);
        barrier.Open();
        Assert.Equal(512, client.ReceiveReply(1, 0, 512).Data.Length);
    }

    [Fact]
    public void A_slow_read_does_not_hold_up_another_client()
    {
        Barrier barrier = new();
        using LocalServer server = LocalServer.Start(
            Plugin(ThreadModel.SerializeRequests, barrier, "read", Latency.Memory));
        using RawClient slow = server.Open();
        slow.SendRequest(NbdWire.CmdRead, 1, 0, 512);
        barrier.WaitFor(1);
        using RawClient other = server.Open();
        Assert.Equal(0U, other.Flush().Error);
        barrier.Open();
        Assert.Equal(0U, slow.ReceiveReply(1, 0, 512).Error);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Only_so_many_requests_of_a_client_are_under_way(int threads)
    {
        Barrier barrier = new();
        using LocalServer server = LocalServer.Start(
            Plugin(ThreadModel.Parallel, barrier, "trim"), options: options => options with { Threads = threads });
        using RawClient client = server.Open();
        ulong[] cookies = [.. Enumerable.Range(1, 20).Select(i => (ulong)i)];
        foreach (ulong cookie in cookies)
            client.SendRequest(NbdWire.CmdTrim, cookie, 0, 512);
        barrier.WaitFor(threads);
        barrier.Open();
        client.ReceiveReplies(cookies);
        Assert.Equal(threads, barrier.Most);
    }

    [Fact]
    public void As_many_requests_run_at_once_as_there_are_threads()
    {
        Barrier barrier = new();
        using LocalServer server = LocalServer.Start(Plugin(ThreadModel.Parallel, barrier, "trim"));
        using RawClient one = server.Open();
        using RawClient two = server.Open();
        ulong[] cookies = [.. Enumerable.Range(1, 16).Select(i => (ulong)i)];
        foreach (ulong cookie in cookies)
        {
            one.SendRequest(NbdWire.CmdTrim, cookie, 0, 512);
            two.SendRequest(NbdWire.CmdTrim, cookie, 0, 512);
        }

        barrier.WaitFor(32);
        barrier.Open();
        one.ReceiveReplies(cookies);
        two.ReceiveReplies(cookies);
    }

    [Theory]
    [InlineData(ThreadModel.SerializeRequests, Latency.Memory)]
    [InlineData(ThreadModel.SerializeRequests, Latency.Blocking)]
    [InlineData(ThreadModel.SerializeAllRequests, Latency.Blocking)]
    [InlineData(ThreadModel.SerializeConnections, Latency.Blocking)]
    public void A_serialized_client_is_served_in_order(ThreadModel model, Latency latency)
    {
        Journal journal = new();
        using LocalServer server = LocalServer.Start(
            new FakePlugin(journal: journal) { TableOverride = Modes.Table(latency, model) });
        using RawClient client = server.Open();
        journal.Take();
        for (ulong i = 1; i <= 50; i++)
            client.SendRequest(NbdWire.CmdTrim, i, i * 512, 512);
        for (ulong i = 1; i <= 50; i++)
            Assert.Equal(0U, client.ReceiveReply(i, 0, 0).Error);
        Assert.Equal(Enumerable.Range(1, 50).Select(i => $"plugin: trim 512 {i * 512} None"), journal.Take());
    }

    [Fact]
    public void A_reply_is_not_kept_back_by_a_slow_request_behind_it()
    {
        Barrier barrier = new();
        using LocalServer server = LocalServer.Start(
            Plugin(ThreadModel.SerializeRequests, barrier, "read", Latency.Blocking));
        using RawClient client = server.Open();
        Message both = new();
        both.U32(NbdWire.RequestMagic).U16(0).U16(NbdWire.CmdFlush).U64(1).U64(0).U32(0);
        both.U32(NbdWire.RequestMagic).U16(0).U16(NbdWire.CmdRead).U64(2).U64(0).U32(512);
        client.Send(both);
        Assert.Equal(0U, client.ReceiveReply(1, 0, 0).Error);
        barrier.WaitFor(1);
        barrier.Open();
        Assert.Equal(0U, client.ReceiveReply(2, 0, 512).Error);
    }

    [Fact]
    public void Serialize_all_requests_lets_one_request_run_in_the_whole_server()
    {
        int running = 0, most = 0;
        FakePlugin plugin = new()
        {
            TableOverride = Modes.Table(Latency.Blocking, ThreadModel.SerializeAllRequests),
            Calling = _ =>
            {
                int now = Interlocked.Increment(ref running);
                most = System.Math.Max(most, now);
                Thread.Yield();
                Interlocked.Decrement(ref running);
                return Errno.Ok;
            },
        };
        using LocalServer server = LocalServer.Start(plugin);
        RawClient[] clients = [.. Enumerable.Range(0, 4).Select(_ => server.Open())];
        ulong[] cookies = [.. Enumerable.Range(1, 200).Select(i => (ulong)i)];
        foreach (RawClient client in clients)
            foreach (ulong cookie in cookies)
                client.SendRequest(NbdWire.CmdTrim, cookie, 0, 512);
        foreach (RawClient client in clients)
        {
            client.ReceiveReplies(cookies);
            client.Dispose();
        }

        Assert.Equal(1, most);
    }

    [Fact]
    public void Serialize_connections_lets_one_client_in_at_a_time()
    {
        using LocalServer server = LocalServer.Start(
            new FakePlugin { TableOverride = Modes.Table(model: ThreadModel.SerializeConnections) });
        RawClient first = server.Open();
        using RawClient second = server.Connect();
        Assert.False(second.HasBytes(200));   // Not even a greeting.
        Assert.Equal(0U, first.Flush().Error);
        first.Disconnect();
        RawClient.Open(second);
        Assert.Equal(0U, second.Flush().Error);
        first.Dispose();
    }

    [Fact]
    public void A_client_that_is_not_let_in_does_not_hold_up_the_end()
    {
        using LocalServer server = LocalServer.Start(
            new FakePlugin { TableOverride = Modes.Table(model: ThreadModel.SerializeConnections) });
        using RawClient first = server.Open();
        using RawClient second = server.Connect();
        Assert.False(second.HasBytes(100));
        server.Dispose();
        Assert.Empty(first.ReceiveToEnd());
        Assert.Empty(second.ReceiveToEnd());
    }

    private static FakePlugin Plugin(
        ThreadModel model, Barrier barrier, string slow, Latency latency = Latency.Blocking) => new()
        {
            TableOverride = Modes.Table(latency, model),
            Calling = name => name == slow ? barrier.Pass() : Errno.Ok,
        };
}
