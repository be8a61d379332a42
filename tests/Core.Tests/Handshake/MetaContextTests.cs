// LIST_META_CONTEXT and SET_META_CONTEXT. Not: block status itself (Server/BlockStatusTests).

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Handshake;

public sealed class MetaContextTests
{
    private const string Allocation = "base:allocation";

    [Theory]
    [InlineData(true)]
    [InlineData(true, "base:")]
    [InlineData(true, Allocation)]
    [InlineData(true, "other:thing", Allocation)]
    [InlineData(true, Allocation, Allocation)]
    [InlineData(false, "base:other")]
    [InlineData(false, "base")]
    [InlineData(false, "")]
    [InlineData(false, "qemu:")]
    [InlineData(false, "BASE:allocation")]
    [InlineData(false, "base:allocation2")]
    public void List_shows_what_the_queries_select(bool shown, params string[] queries)
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient client = Negotiated(server);
        IReadOnlyList<OptionReply> replies = client.Option(NbdWire.OptListMetaContext, Query("", queries));
        Assert.Equal(shown ? [Allocation] : [], replies.SkipLast(1).Select(NameOf));
        Assert.Equal(NbdWire.ReplyAck, replies[^1].Type);
    }

    [Theory]
    [InlineData(true, Allocation)]
    [InlineData(true, "x-other:thing", Allocation)]
    [InlineData(false)]
    [InlineData(false, "base:")]
    [InlineData(false, "base:other")]
    public void Set_selects_by_full_name_only(bool selected, params string[] queries)
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient client = Negotiated(server);
        client.SetContexts("", queries);
        Assert.Equal(selected ? [Allocation] : [], client.Contexts.Keys);
        client.Go();
        Assert.Equal(selected ? 0 : NbdWire.Einval, client.BlockStatus(0, 512).Error);
    }

    [Fact]
    public void List_selects_nothing()
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient client = Negotiated(server);
        client.Option(NbdWire.OptListMetaContext, Query("", Allocation));
        client.Go();
        Assert.Equal(NbdWire.Einval, client.BlockStatus(0, 512).Error);
    }

    [Fact]
    public void List_keeps_what_was_selected()
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient client = Negotiated(server);
        client.SetContexts("", Allocation);
        client.Option(NbdWire.OptListMetaContext, Query("", "other:"));
        client.Go();
        Assert.Equal(0U, client.BlockStatus(0, 512).Error);
    }

    [Theory]
    [InlineData("one", "one", true)]
    [InlineData("one", "two", false)]
    [InlineData("", "main", false)]      // Names are compared as they were sent, even if they mean the same export.
    [InlineData("", "", true)]
    public void A_selection_holds_for_its_export_only(string selectedFor, string served, bool holds)
    {
        using LocalServer server = LocalServer.Start(new FakePlugin { DefaultName = "main" });
        using RawClient client = Negotiated(server);
        client.SetContexts(selectedFor, Allocation);
        client.Go(served);
        Assert.Equal(holds ? 0 : NbdWire.Einval, client.BlockStatus(0, 512).Error);
    }

    [Fact]
    public void A_selection_holds_for_export_name_too()
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient client = Negotiated(server);
        client.SetContexts("", Allocation);
        client.ExportName("");
        Assert.Equal(0U, client.BlockStatus(0, 512).Error);
    }

    [Fact]
    public void Info_about_another_export_keeps_the_selection()
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient client = Negotiated(server);
        client.SetContexts("one", Allocation);
        client.Option(NbdWire.OptInfo, RawClient.InfoRequest("two").Bytes);
        client.Go("one");
        Assert.Equal(0U, client.BlockStatus(0, 512).Error);
    }

    [Fact]
    public void A_further_set_replaces_the_selection()
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient client = Negotiated(server);
        client.SetContexts("", Allocation);
        client.SetContexts("", "other:thing");
        client.Go();
        Assert.Equal(NbdWire.Einval, client.BlockStatus(0, 512).Error);
    }

    [Fact]
    public void A_failed_set_clears_the_selection()
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient client = Negotiated(server);
        client.SetContexts("", Allocation);
        Assert.True(client.Option(NbdWire.OptSetMetaContext, [1, 2, 3]).Single().IsError);
        client.Go();
        Assert.Equal(NbdWire.Einval, client.BlockStatus(0, 512).Error);
    }

    [Theory]
    [InlineData(NbdWire.OptListMetaContext)]
    [InlineData(NbdWire.OptSetMetaContext)]
    public void Contexts_need_structured_replies(uint option)
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient client = server.Connect();
        client.Greet();
        Assert.Equal(NbdWire.ReplyInvalid, client.Option(option, Query("", Allocation)).Single().Type);
        client.Go();
    }

    public static TheoryData<byte[]> Malformed
    {
        get
        {
            TheoryData<byte[]> all = [];
            byte[] right = Query("e", "base:");
            for (int length = 0; length < right.Length; length++)
                all.Add(right[..length]);
            all.Add([.. right, 0]);
            all.Add(new Message().LengthAndText("").U32(uint.MaxValue).LengthAndText("base:").Bytes.ToArray());
            all.Add(new Message().LengthAndText("").U32(1).U32(uint.MaxValue).Text("base:").Bytes.ToArray());
            all.Add(new Message().LengthAndText("").U32(1).LengthAndText("a\0b").Bytes.ToArray());
            all.Add(new Message().LengthAndText("").U32(1).U32(1).Raw([0xff]).Bytes.ToArray());
            all.Add(Query(new string('x', 4097), "base:"));
            all.Add(Query("", new string('x', 4097)));
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Malformed_queries_are_invalid_and_the_handshake_goes_on(byte[] data)
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient client = Negotiated(server);
        Assert.Equal(NbdWire.ReplyInvalid, client.Option(NbdWire.OptListMetaContext, data)[^1].Type);
        Assert.Equal(NbdWire.ReplyInvalid, client.Option(NbdWire.OptSetMetaContext, data)[^1].Type);
        client.Go();
        Assert.Equal(0U, client.Flush().Error);
    }

    [Fact]
    public void Thousands_of_queries_are_answered_once()
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient client = Negotiated(server);
        string[] queries = [.. Enumerable.Repeat(Allocation, 3000)];
        Assert.Equal(2, client.Option(NbdWire.OptSetMetaContext, Query("", queries)).Count);
    }

    private static RawClient Negotiated(LocalServer server)
    {
        RawClient client = server.Connect();
        client.Greet();
        client.Negotiate(ReplyMode.Structured);
        return client;
    }

    private static byte[] Query(string export, params string[] queries)
    {
        Message query = new Message().LengthAndText(export).U32((uint)queries.Length);
        foreach (string one in queries)
            query.LengthAndText(one);
        return query.Bytes.ToArray();
    }

    private static string NameOf(OptionReply reply)
    {
        Assert.Equal(NbdWire.ReplyMetaContext, reply.Type);
        return Encoding.UTF8.GetString(reply.Data.AsSpan(4));
    }
}
