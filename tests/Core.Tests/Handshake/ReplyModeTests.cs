// STRUCTURED_REPLY and EXTENDED_HEADERS. Not: the replies themselves (Server).

using System.Linq;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Handshake;

public sealed class ReplyModeTests
{
    [Fact]
    public void Structured_replies_may_be_asked_for_twice()
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient client = Greeted(server);
        client.Negotiate(ReplyMode.Structured);
        client.Negotiate(ReplyMode.Structured);
        client.Go();
        Assert.NotEqual(0, client.ExportFlags & NbdWire.SendDf);
        Assert.Single(client.Read(0, 512).Chunks);
    }

    [Fact]
    public void Extended_headers_may_follow_structured_replies_but_not_the_other_way_round()
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient client = Greeted(server);
        client.Negotiate(ReplyMode.Structured);
        client.Negotiate(ReplyMode.Extended);
        Assert.Equal(
            NbdWire.ReplyExtendedHeadersRequired, client.Option(NbdWire.OptStructuredReply, []).Single().Type);
        Assert.Equal(NbdWire.ReplyInvalid, client.Option(NbdWire.OptExtendedHeaders, []).Single().Type);
        client.Go();
        Assert.Equal(0U, client.Flush().Error);
    }

    [Theory]
    [InlineData(NbdWire.OptStructuredReply)]
    [InlineData(NbdWire.OptExtendedHeaders)]
    [InlineData(NbdWire.OptSetMetaContext)]
    [InlineData(NbdWire.OptListMetaContext)]
    public void A_server_without_structured_replies_supports_nothing_of_them(uint option)
    {
        using LocalServer server = LocalServer.Start(
            new FakePlugin(), options: options => options with { NoStructuredReplies = true });
        using RawClient client = Greeted(server);
        Assert.Equal(NbdWire.ReplyUnsupported, client.Option(option, []).Single().Type);
        client.Go();
        Assert.Equal(0, client.ExportFlags & NbdWire.SendDf);
        Assert.Empty(client.Read(0, 512).Chunks);
    }

    [Theory]
    [InlineData(NbdWire.OptSetMetaContext)]
    [InlineData(NbdWire.OptListMetaContext)]
    public void A_server_without_meta_contexts_still_has_structured_replies(uint option)
    {
        using LocalServer server = LocalServer.Start(
            new FakePlugin(), options: options => options with { NoMetaContexts = true });
        using RawClient client = Greeted(server);
        client.Negotiate(ReplyMode.Structured);
        Assert.Equal(NbdWire.ReplyUnsupported, client.Option(option, new byte[8]).Single().Type);
        client.Go();
        Assert.Equal(NbdWire.Einval, client.BlockStatus(0, 512).Error);
        Assert.Single(client.Read(0, 512).Chunks);
    }

    private static RawClient Greeted(LocalServer server)
    {
        RawClient client = server.Connect();
        client.Greet();
        return client;
    }
}
