// The bound on the time of a handshake. Not: requests, which have none.

using System;
using System.Net.Sockets;
using System.Threading;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Server;

public sealed class TimeoutTests
{
    [Fact]
    public void A_client_that_says_nothing_is_dropped()
    {
        using LocalServer server = Start(100);
        using RawClient client = server.Connect();
        Assert.Equal(18, client.ReceiveToEnd().Length);
    }

    [Fact]
    public void A_client_that_goes_on_byte_by_byte_is_dropped()
    {
        using LocalServer server = Start(300);
        using RawClient client = server.Connect();
        client.Greet();
        byte[] option = new Message().U64(NbdWire.OptionMagic).U32(0xbad).U32(1 << 20).Bytes.ToArray();
        client.Send(option);
        Assert.True(SendUntilDropped(client), "the client may go on for ever");
    }

    [Fact]
    public void A_client_that_never_reads_its_replies_is_dropped()
    {
        using LocalServer server = Start(500);
        using RawClient client = server.Connect();
        client.Greet();
        byte[] list = new Message().U64(NbdWire.OptionMagic).U32(NbdWire.OptList).U32(0).Bytes.ToArray();
        Assert.True(SendUntilDropped(client, list, pauseMs: 0), "the client may go on for ever");
    }

    [Fact]
    public void A_client_that_has_negotiated_may_take_its_time()
    {
        using LocalServer server = Start(300);
        using RawClient client = server.Open();
        Assert.False(client.HasBytes(1000));
        Assert.Equal(0U, client.Flush().Error);
    }

    private static LocalServer Start(int timeoutMs) => LocalServer.Start(
        new FakePlugin { Exports = [new string('x', 4000), new string('y', 4000)] },
        options: options => options with { HandshakeTimeout = TimeSpan.FromMilliseconds(timeoutMs) });

    private static bool SendUntilDropped(RawClient client, byte[]? bytes = null, int pauseMs = 10)
    {
        try
        {
            for (int i = 0; i < 3000; i++)
            {
                client.Send(bytes ?? [0]);
                Thread.Sleep(pauseMs);
            }

            return false;
        }
        catch (SocketException error) when (error.SocketErrorCode != SocketError.TimedOut)
        {
            return true;
        }
    }
}
