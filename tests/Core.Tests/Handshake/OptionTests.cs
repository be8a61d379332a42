// Options in general, and those without a file of their own: LIST, ABORT, STARTTLS, the reply modes. Not: GO, contexts.

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Handshake;

public sealed class OptionTests
{
    [Fact]
    public void List_names_the_exports()
    {
        using LocalServer server = LocalServer.Start(new FakePlugin { Exports = ["", "one", "größe"] });
        using RawClient client = Greeted(server);
        IReadOnlyList<OptionReply> replies = client.Option(NbdWire.OptList, []);
        Assert.Equal(["", "one", "größe"], replies.SkipLast(1).Select(NameOf));
        Assert.Equal(NbdWire.ReplyAck, replies[^1].Type);
        Assert.Equal(NbdWire.ReplyAck, client.Option(NbdWire.OptList, [])[^1].Type);
    }

    [Fact]
    public void List_may_be_of_thousands()
    {
        string[] names = [.. Enumerable.Range(0, 10_000).Select(i => $"{i:d20}")];
        using LocalServer server = LocalServer.Start(new FakePlugin { Exports = names });
        using RawClient client = Greeted(server);
        Assert.Equal(names, client.Option(NbdWire.OptList, []).SkipLast(1).Select(NameOf));
    }

    [Fact]
    public void Exports_that_cannot_be_listed_are_an_error_and_the_handshake_goes_on()
    {
        using LocalServer server = LocalServer.Start(new FakePlugin
        {
            Calling = name => name == "list_exports" ? throw new InvalidOperationException("away") : Errno.Ok,
        });
        using RawClient client = Greeted(server);
        OptionReply reply = client.Option(NbdWire.OptList, []).Single();
        Assert.Equal(NbdWire.ReplyErrorBit + 4, reply.Type);
        Assert.Contains("away", reply.Text, StringComparison.Ordinal);
        client.Go();
    }

    [Fact]
    public void Abort_is_acknowledged_and_ends_the_connection()
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient client = Greeted(server);
        Assert.Equal(NbdWire.ReplyAck, client.Option(NbdWire.OptAbort, []).Single().Type);
        Assert.Empty(client.ReceiveToEnd());
    }

    [Fact]
    public void Tls_is_refused_by_policy_and_the_handshake_goes_on()
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient client = Greeted(server);
        Assert.Equal(NbdWire.ReplyPolicy, client.Option(NbdWire.OptStartTls, []).Single().Type);
        Assert.Equal(NbdWire.ReplyPolicy, client.Option(NbdWire.OptStartTls, []).Single().Type);
        client.Go();
        Assert.Equal(0U, client.Flush().Error);
    }

    [Theory]
    [InlineData(NbdWire.OptList)]
    [InlineData(NbdWire.OptStartTls)]
    [InlineData(NbdWire.OptStructuredReply)]
    [InlineData(NbdWire.OptExtendedHeaders)]
    public void Data_where_none_belongs_is_invalid_and_the_handshake_goes_on(uint option)
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient client = Greeted(server);
        Assert.Equal(NbdWire.ReplyInvalid, client.Option(option, [1, 2, 3, 4]).Single().Type);
        client.Go();
        Assert.Equal(0U, client.Flush().Error);   // And the mode is the simple one still.
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(12)]
    [InlineData(uint.MaxValue)]
    public void An_unknown_option_is_unsupported_and_the_handshake_goes_on(uint option)
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient client = Greeted(server);
        Assert.Equal(NbdWire.ReplyUnsupported, client.Option(option, new byte[100]).Single().Type);
        client.Go();
    }

    [Theory]
    [InlineData((64 << 10) + 1)]
    [InlineData(16 << 20)]
    public void Much_data_is_too_big_and_the_handshake_goes_on(int length)
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient client = Greeted(server);
        Assert.Equal(NbdWire.ReplyTooBig, client.Option(NbdWire.OptInfo, new byte[length]).Single().Type);
        client.Go();
    }

    [Theory]
    [InlineData((16 << 20) + 1)]
    [InlineData(uint.MaxValue)]
    public void Endless_data_ends_the_connection(uint length)
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient client = Greeted(server);
        client.Send(new Message().U64(NbdWire.OptionMagic).U32(NbdWire.OptInfo).U32(length));
        Assert.Empty(client.ReceiveToEnd());
    }

    [Fact]
    public void Endless_options_end_the_connection()
    {
        const int Bound = 20_000;
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient client = Greeted(server);
        Message batch = new();
        for (int i = 0; i < 100; i++)
            batch.U64(NbdWire.OptionMagic).U32(0xbad).U32(0);
        for (int sent = 0; sent < Bound; sent += 100)
        {
            client.Send(batch);
            for (int i = 0; i < 100; i++)
                Assert.Equal(NbdWire.ReplyUnsupported, client.ReceiveOptionReply().Type);
        }

        Assert.Empty(client.ReceiveToEnd());
    }

    [Theory]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(19)]
    public void A_client_that_goes_inside_of_an_option_leaves_nothing(int bytesSent)
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using (RawClient client = Greeted(server))
        {
            Message option = new Message().U64(NbdWire.OptionMagic).U32(NbdWire.OptGo).U32(6).U32(0).U16(0);
            client.Send(option.Bytes[..bytesSent]);
            client.EndSending();
            Assert.Empty(client.ReceiveToEnd());
        }

        using RawClient next = server.Open();
        Assert.Equal(0U, next.Flush().Error);
    }

    [Fact]
    public void An_option_may_come_byte_by_byte()
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient client = Greeted(server);
        byte[] option = new Message().U64(NbdWire.OptionMagic).U32(NbdWire.OptList).U32(0).Bytes.ToArray();
        foreach (byte one in option)
            client.Send([one]);
        Assert.Equal(NbdWire.ReplyServer, client.ReceiveOptionReply().Type);
        Assert.Equal(NbdWire.ReplyAck, client.ReceiveOptionReply().Type);
    }

    [Fact]
    public void Many_options_may_come_at_once()
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient client = Greeted(server);
        Message all = new();
        for (int i = 0; i < 3; i++)
            all.U64(NbdWire.OptionMagic).U32(NbdWire.OptList).U32(0);
        byte[] go = RawClient.InfoRequest("").Bytes.ToArray();
        all.U64(NbdWire.OptionMagic).U32(NbdWire.OptGo).U32((uint)go.Length).Raw(go);
        all.U32(NbdWire.RequestMagic).U16(0).U16(NbdWire.CmdFlush).U64(7).U64(0).U32(0);
        client.Send(all);
        uint[] types = [.. Enumerable.Range(0, 8).Select(_ => client.ReceiveOptionReply().Type)];
        Assert.Equal([2, 1, 2, 1, 2, 1, 3, 1], types);
        Assert.Equal(0U, client.ReceiveReply(7, 0, 0).Error);
    }

    private static string NameOf(OptionReply reply)
    {
        Assert.Equal(NbdWire.ReplyServer, reply.Type);
        return Encoding.UTF8.GetString(reply.Data, 4, (int)reply.U32(0));
    }

    private static RawClient Greeted(LocalServer server)
    {
        RawClient client = server.Connect();
        client.Greet();
        return client;
    }
}
