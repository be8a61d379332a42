// The handshake byte by byte, with clients that misbehave. Not: requests (ProtocolRequestTests).

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class ProtocolHandshakeTests
{
    [Fact]
    public void The_greeting_offers_fixed_newstyle_without_padding()
    {
        using ServerProcess server = ServerProcess.Start("memory 1M");
        using RawClient client = RawClient.Connect(server);
        Assert.Equal(NbdWire.FixedNewstyle | NbdWire.NoZeroes, client.Greet());
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1", 1)]
    [InlineData("0x2", 2)]
    [InlineData("3", 3)]
    public void The_greeting_can_be_masked(string mask, ushort flags)
    {
        using ServerProcess server = ServerProcess.Start($"--mask-handshake={mask} memory 1M");
        using RawClient client = RawClient.Connect(server);
        Assert.Equal(flags, client.Greet(0));
    }

    [Fact]
    public void Unknown_client_flags_end_the_connection()
    {
        using ServerProcess server = ServerProcess.Start("memory 1M");
        using RawClient client = RawClient.Connect(server);
        client.Greet(0x80000000);
        Assert.Empty(client.ReceiveToEnd());
    }

    [Fact]
    public void An_oldstyle_greeting_tells_size_and_flags_and_pads()
    {
        using ServerProcess server = ServerProcess.Start("-o memory 1M");
        using RawClient client = RawClient.Connect(server);
        Assert.Equal(NbdWire.Magic, client.ReceiveU64());
        Assert.Equal(NbdWire.OldstyleMagic, client.ReceiveU64());
        Assert.Equal(1048576UL, client.ReceiveU64());
        Assert.Equal(0, client.ReceiveU16());
        Assert.NotEqual(0, client.ReceiveU16() & NbdWire.HasFlags);
        Assert.Equal(new byte[124], client.Receive(124));
        Assert.Equal(new byte[16], client.Read(0, 16).Data);
    }

    [Theory]
    [InlineData(NbdWire.NoZeroes, false)]
    [InlineData(0, true)]
    public void The_export_name_option_pads_unless_told_not_to(uint flags, bool padding)
    {
        using ServerProcess server = ServerProcess.Start("memory 1M");
        using RawClient client = RawClient.Connect(server);
        client.Greet(NbdWire.FixedNewstyle | flags);
        client.ExportName("", padding);
        Assert.Equal(1048576UL, client.ExportSize);
        Assert.Equal(new byte[16], client.Read(0, 16).Data);
    }

    [Fact]
    public void An_unknown_option_is_declined_and_the_handshake_goes_on()
    {
        using ServerProcess server = ServerProcess.Start("memory 1M");
        using RawClient client = RawClient.Connect(server);
        client.Greet();
        Assert.Equal(NbdWire.ReplyUnsupported, client.Option(0x7fff_0001, "data"u8).Single().Type);
        client.Go();
        Assert.Equal(1048576UL, client.ExportSize);
    }

    [Fact]
    public void Abort_is_acknowledged_and_ends_the_connection()
    {
        using ServerProcess server = ServerProcess.Start("memory 1M");
        using RawClient client = RawClient.Connect(server);
        client.Greet();
        Assert.Equal(NbdWire.ReplyAck, client.Option(NbdWire.OptAbort, []).Single().Type);
        Assert.Empty(client.ReceiveToEnd());
    }

    [Fact]
    public void The_list_has_the_default_export()
    {
        using ServerProcess server = ServerProcess.Start("memory 1M");
        using RawClient client = RawClient.Connect(server);
        client.Greet();
        IReadOnlyList<OptionReply> replies = client.Option(NbdWire.OptList, []);
        Assert.Equal([NbdWire.ReplyServer, NbdWire.ReplyAck], replies.Select(reply => reply.Type));
        Assert.Equal(0U, replies[0].U32(0));
    }

    [Theory]
    [InlineData(NbdWire.OptList)]
    [InlineData(NbdWire.OptStructuredReply)]
    [InlineData(NbdWire.OptExtendedHeaders)]
    public void Options_without_data_refuse_data(uint option)
    {
        using ServerProcess server = ServerProcess.Start("memory 1M");
        using RawClient client = RawClient.Connect(server);
        client.Greet();
        Assert.True(client.Option(option, "unasked"u8).Single().IsError);
        client.Go();
    }

    [Fact]
    public void Info_tells_what_go_would_tell_and_stays_in_the_handshake()
    {
        using ServerProcess server = ServerProcess.Start("memory 1M");
        using RawClient client = RawClient.Connect(server);
        client.Greet();
        IReadOnlyList<OptionReply> replies = client.Option(NbdWire.OptInfo, RawClient.InfoRequest("").Bytes);
        OptionReply export = replies.Single(
            reply => reply is { Type: NbdWire.ReplyInfo, InfoType: NbdWire.InfoExport });
        client.Go();
        Assert.Equal(client.ExportSize, export.U64(2));
        Assert.Equal(client.ExportFlags, export.U16(10));
    }

    [Fact]
    public void Go_tells_the_name_when_asked()
    {
        using ServerProcess server = ServerProcess.Start("memory 1M");
        using RawClient client = RawClient.Connect(server);
        client.Greet();
        OptionReply name = client.Go("a name", NbdWire.InfoName)
            .Single(reply => reply is { Type: NbdWire.ReplyInfo, InfoType: NbdWire.InfoName });
        Assert.Equal("a name", Encoding.UTF8.GetString(name.Data.AsSpan(2)));
    }

    [Theory]
    [InlineData(new byte[] { 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 9, 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 2, 0, 3 })]
    [InlineData(new byte[] { 255, 255, 255, 255, 0, 0 })]
    public void A_go_whose_lengths_do_not_add_up_is_refused(byte[] data)
    {
        using ServerProcess server = ServerProcess.Start("memory 1M");
        using RawClient client = RawClient.Connect(server);
        client.Greet();
        Assert.Equal(NbdWire.ReplyInvalid, client.Option(NbdWire.OptGo, data).Single().Type);
        client.Go();
    }

    [Fact]
    public void The_context_base_allocation_is_listed_and_set()
    {
        using ServerProcess server = ServerProcess.Start("memory 1M");
        using RawClient client = RawClient.Connect(server);
        client.Greet();
        client.Negotiate(ReplyMode.Structured);
        IReadOnlyList<OptionReply> listed = client.Option(
            NbdWire.OptListMetaContext, new Message().LengthAndText("").U32(0).Bytes);
        Assert.Equal("base:allocation", Encoding.UTF8.GetString(listed[0].Data.AsSpan(4)));
        client.SetContexts("", "base:allocation", "x-other:thing");
        Assert.Equal(["base:allocation"], client.Contexts.Keys);
    }

    [Fact]
    public void Contexts_need_structured_replies()
    {
        using ServerProcess server = ServerProcess.Start("memory 1M");
        using RawClient client = RawClient.Connect(server);
        client.Greet();
        Message query = new Message().LengthAndText("").U32(1).LengthAndText("base:allocation");
        Assert.Equal(NbdWire.ReplyInvalid, client.Option(NbdWire.OptSetMetaContext, query.Bytes).Single().Type);
        client.Go();
    }

    [Fact]
    public void Tls_that_is_not_there_is_declined()
    {
        using ServerProcess server = ServerProcess.Start("--tls=off memory 1M");
        using RawClient client = RawClient.Connect(server);
        client.Greet();
        Assert.True(client.Option(NbdWire.OptStartTls, []).Single().IsError);
        client.Go();
    }

    [Fact]
    public void A_wrong_option_magic_ends_the_connection()
    {
        using ServerProcess server = ServerProcess.Start("memory 1M");
        using RawClient client = RawClient.Connect(server);
        client.Greet();
        client.Send(new Message().U64(0x1122334455667788).U32(NbdWire.OptList).U32(0));
        Assert.Empty(client.ReceiveToEnd());
        using RawClient next = RawClient.Open(server);
    }

    [Fact]
    public void An_option_of_absurd_length_does_not_make_the_server_wait_or_fall()
    {
        using ServerProcess server = ServerProcess.Start("memory 1M");
        using RawClient client = RawClient.Connect(server);
        client.Greet();
        client.Send(new Message().U64(NbdWire.OptionMagic).U32(NbdWire.OptList).U32(uint.MaxValue));
        client.EndSending();
        client.ReceiveToEnd();
        using RawClient next = RawClient.Open(server);
    }

    [Fact]
    public void Endless_options_end_the_connection()
    {
        using ServerProcess server = ServerProcess.Start("memory 1M");
        using RawClient client = RawClient.Connect(server);
        client.Greet();
        Assert.ThrowsAny<System.IO.IOException>(() => AskForever(client));
        using RawClient next = RawClient.Open(server);
    }

    // Far more than any client needs; who goes on holds a connection for nothing.
    private static void AskForever(RawClient client)
    {
        try
        {
            for (int i = 0; i < 30_000; i++)
                client.Option(NbdWire.OptList, []);
        }
        catch (System.Net.Sockets.SocketException error)
        {
            throw new System.IO.IOException("the server closed the connection", error);
        }
    }
}
