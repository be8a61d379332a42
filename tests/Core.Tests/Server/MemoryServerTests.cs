// The whole server over a connection in memory. Not: the protocol, which is tested over sockets.

using System;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Server;

public sealed class MemoryServerTests
{
    [Theory]
    [InlineData(ReplyMode.Simple, 512)]
    [InlineData(ReplyMode.Structured, 512)]
    [InlineData(ReplyMode.Extended, 512)]
    [InlineData(ReplyMode.Extended, 1 << 20)]
    public void It_serves_from_the_handshake_to_the_end_however_little_the_wire_takes(ReplyMode mode, int wireBytes)
    {
        FakePlugin plugin = new();
        byte[] data = new byte[300_000];
        new Random(1).NextBytes(data);
        using MemoryServer server = MemoryServer.Start(plugin);
        using RawClient client = RawClient.Open(server.Connect(wireBytes), mode);
        Assert.Equal((ulong)plugin.Disk.Length, client.ExportSize);
        Assert.Equal(0U, client.Write(1000, data).Error);
        Assert.Equal(data, client.Read(1000, data.Length).Data);
        Assert.Equal(0U, client.Flush().Error);
        client.Disconnect();
        Assert.Empty(client.ReceiveToEnd());
    }

    [Fact]
    public void A_client_that_leaves_in_the_middle_of_a_write_ends_its_connection_only()
    {
        using MemoryServer server = MemoryServer.Start(new FakePlugin());
        using RawClient other = server.Open();
        using (RawClient leaving = server.Open())
        {
            leaving.SendRequest(NbdWire.CmdWrite, 1, 0, 100_000, payload: new byte[10]);
            leaving.EndSending();
            Assert.Empty(leaving.ReceiveToEnd());
        }

        Assert.Equal(0U, other.Flush().Error);
    }

    [Fact]
    public void Its_end_ends_the_connections_that_wait()
    {
        MemoryServer server = MemoryServer.Start(new FakePlugin());
        using RawClient client = server.Open();
        Assert.False(client.HasBytes(0));
        server.Dispose();
        Assert.Empty(client.ReceiveToEnd());
    }
}
