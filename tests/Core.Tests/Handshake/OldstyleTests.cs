// The oldstyle handshake. Not: newstyle.

using NbdFast.Testing;

namespace NbdFast.Core.Tests.Handshake;

public sealed class OldstyleTests
{
    [Fact]
    public void The_server_tells_of_the_default_export_and_serves_it()
    {
        using LocalServer server = LocalServer.Start(
            new FakePlugin(), options: options => options with { Oldstyle = true });
        using RawClient client = server.Connect();
        Assert.Equal(NbdWire.Magic, client.ReceiveU64());
        Assert.Equal(NbdWire.OldstyleMagic, client.ReceiveU64());
        Assert.Equal(1UL << 20, client.ReceiveU64());
        Assert.Equal(0, client.ReceiveU16());
        ushort flags = client.ReceiveU16();
        Assert.Equal(NbdWire.HasFlags | NbdWire.SendFlush, flags & (NbdWire.HasFlags | NbdWire.SendFlush));
        Assert.Equal(0, flags & (NbdWire.SendDf | NbdWire.ReadOnly));
        Assert.Equal(new byte[124], client.Receive(124));

        Assert.Equal(0U, client.Write(4096, "hello"u8).Error);
        Assert.Equal("hello"u8.ToArray(), client.Read(4096, 5).Data);
        client.Disconnect();
        Assert.Empty(client.ReceiveToEnd());
    }

    [Fact]
    public void A_read_only_server_says_so()
    {
        using LocalServer server = LocalServer.Start(
            new FakePlugin(), options: options => options with { Oldstyle = true, ReadOnly = true });
        using RawClient client = server.Connect();
        client.Receive(26);
        Assert.NotEqual(0, client.ReceiveU16() & NbdWire.ReadOnly);
        client.Receive(124);
        Assert.Equal(NbdWire.Eperm, client.Write(0, "x"u8).Error);
    }

    [Fact]
    public void A_default_export_that_does_not_open_ends_the_connection()
    {
        using LocalServer server = LocalServer.Start(
            new FakePlugin { Calling = name => name == "open" ? Errno.EIO : Errno.Ok },
            options: options => options with { Oldstyle = true });
        using RawClient client = server.Connect();
        Assert.Empty(client.ReceiveToEnd());
    }
}
