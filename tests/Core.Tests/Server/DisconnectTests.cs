// Ends of a connection that a unit asks for, and clients that a unit does not let in. Not: the end of the server.

using NbdFast.Testing;

namespace NbdFast.Core.Tests.Server;

public sealed class DisconnectTests
{
    public static TheoryData<ReplyMode> All => Modes.All;

    [Theory]
    [MemberData(nameof(All))]
    public void A_polite_disconnect_lets_requests_finish_and_refuses_further_ones(ReplyMode mode)
    {
        (Capturing filter, FakePlugin plugin) = Units();
        using LocalServer server = LocalServer.Start(plugin, [filter.Filter]);
        using RawClient client = server.Open(mode);
        plugin.Calling = name =>
        {
            if (name == "flush")
                filter.Client!.Disconnect(force: false);
            return Errno.Ok;
        };
        Assert.Equal(0U, client.Flush().Error);
        Assert.Equal(NbdWire.Eshutdown, client.Flush().Error);
        Assert.Equal(NbdWire.Eshutdown, client.Write(0, new byte[100_000]).Error);
        Assert.Equal(NbdWire.Eshutdown, client.Read(0, 512).Error);
        Assert.Equal(NbdWire.Einval, client.Read(0, 0).Error);
        client.Disconnect();
        Assert.Empty(client.ReceiveToEnd());
    }

    [Fact]
    public void A_forced_disconnect_ends_the_connection_without_a_reply()
    {
        (Capturing filter, FakePlugin plugin) = Units();
        using LocalServer server = LocalServer.Start(plugin, [filter.Filter]);
        using RawClient client = server.Open();
        plugin.Calling = name =>
        {
            if (name == "flush")
                filter.Client!.Disconnect(force: true);
            return Errno.Ok;
        };
        client.SendRequest(NbdWire.CmdFlush, 1, 0, 0);
        Assert.Empty(client.ReceiveToEnd());
        plugin.Calling = null;
        using RawClient other = server.Open();
        Assert.Equal(0U, other.Flush().Error);
    }

    [Fact]
    public void A_polite_disconnect_while_opening_refuses_every_request()
    {
        (Capturing filter, FakePlugin plugin) = Units();
        plugin.Calling = name =>
        {
            if (name == "prepare")
                filter.Client!.Disconnect(force: false);
            return Errno.Ok;
        };
        using LocalServer server = LocalServer.Start(plugin, [filter.Filter]);
        using RawClient client = server.Open();
        Assert.Equal(NbdWire.Eshutdown, client.Read(0, 512).Error);
    }

    [Fact]
    public void A_disconnect_after_the_end_does_nothing()
    {
        (Capturing filter, FakePlugin plugin) = Units();
        using LocalServer server = LocalServer.Start(plugin, [filter.Filter]);
        using (RawClient client = server.Open())
        {
            client.Disconnect();
            Assert.Empty(client.ReceiveToEnd());
        }

        filter.Client!.Disconnect(force: true);
        filter.Client!.Disconnect(force: false);
        using RawClient next = server.Open();
        Assert.Equal(0U, next.Flush().Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_client_that_preconnect_refuses_gets_no_greeting(bool throws)
    {
        FakePlugin plugin = new()
        {
            Calling = name => name != "preconnect" ? Errno.Ok
                : throws ? throw new System.InvalidOperationException("no") : Errno.EPERM,
        };
        using LocalServer server = LocalServer.Start(plugin);
        using (RawClient client = server.Connect())
            Assert.Empty(client.ReceiveToEnd());
        plugin.Calling = null;
        using RawClient next = server.Open();
        Assert.Equal(0U, next.Flush().Error);
    }

    [Fact]
    public void The_client_is_known_by_its_process_and_its_number()
    {
        (Capturing filter, FakePlugin plugin) = Units();
        using LocalServer server = LocalServer.Start(plugin, [filter.Filter]);
        using RawClient first = server.Open();
        using RawClient second = server.Open(export: "disk");
        ClientInfo client = filter.Client!;
        Assert.Equal(2, client.ConnectionNumber);
        Assert.Equal("unix", client.PeerName);
        Assert.Equal(System.Environment.ProcessId, client.PeerProcessId);
        Assert.Equal("disk", client.ExportName);
        Assert.False(client.IsTls);
    }

    private static (Capturing Filter, FakePlugin Plugin) Units() =>
        (new Capturing(), new FakePlugin { TableOverride = Modes.Table(Latency.Blocking) });

    // Remembers who opened the export last.
    private sealed class Capturing
    {
        public Capturing() => Filter = new FakeFilter("capture", Operations.None)
        {
            Renaming = request => Client = request.Client,
        };

        public FakeFilter Filter { get; }

        public ClientInfo? Client { get; private set; }
    }
}
