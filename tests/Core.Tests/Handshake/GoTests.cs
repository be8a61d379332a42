// INFO and GO. Not: requests afterwards.

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Handshake;

public sealed class GoTests
{
    private static readonly ushort[] AllInfos =
        [NbdWire.InfoExport, NbdWire.InfoName, NbdWire.InfoDescription, NbdWire.InfoBlockSize];

    [Theory]
    [InlineData(NbdWire.OptInfo)]
    [InlineData(NbdWire.OptGo)]
    public void Every_information_is_told_on_request(uint option)
    {
        using LocalServer server = LocalServer.Start(Rich());
        using RawClient client = Greeted(server);
        IReadOnlyList<OptionReply> replies = client.Option(option, RawClient.InfoRequest("", AllInfos).Bytes);
        Assert.Equal(NbdWire.ReplyAck, replies[^1].Type);
        Assert.Empty(replies[^1].Data);

        OptionReply export = Info(replies, NbdWire.InfoExport);
        Assert.Equal(12, export.Data.Length);
        Assert.Equal(1UL << 20, export.U64(2));
        Assert.NotEqual(0, export.U16(10) & NbdWire.HasFlags);
        Assert.Equal("main", Encoding.UTF8.GetString(Info(replies, NbdWire.InfoName).Data.AsSpan(2)));
        Assert.Equal("eine größe", Encoding.UTF8.GetString(Info(replies, NbdWire.InfoDescription).Data.AsSpan(2)));
        OptionReply block = Info(replies, NbdWire.InfoBlockSize);
        Assert.Equal([512U, 4096U, 1U << 20], new[] { block.U32(2), block.U32(6), block.U32(10) });
        Assert.Equal(5, replies.Count);
    }

    [Fact]
    public void What_is_not_asked_for_is_not_told()
    {
        using LocalServer server = LocalServer.Start(Rich());
        using RawClient client = Greeted(server);
        IReadOnlyList<OptionReply> replies = client.Option(NbdWire.OptInfo, RawClient.InfoRequest("").Bytes);
        Assert.Equal([NbdWire.ReplyInfo, NbdWire.ReplyAck], replies.Select(reply => reply.Type));
        Assert.Equal(NbdWire.InfoExport, replies[0].InfoType);
    }

    [Fact]
    public void What_is_not_known_is_not_told()
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient client = Greeted(server);
        IReadOnlyList<OptionReply> replies = client.Option(NbdWire.OptInfo, RawClient.InfoRequest("", AllInfos).Bytes);
        Assert.Equal(
            [NbdWire.InfoExport, NbdWire.InfoName], replies.SkipLast(1).Select(reply => reply.InfoType));
        Assert.Equal(2, replies[1].Data.Length);   // The default export is named "".
    }

    [Fact]
    public void Unknown_and_repeated_informations_are_ignored()
    {
        using LocalServer server = LocalServer.Start(Rich());
        using RawClient client = Greeted(server);
        IReadOnlyList<OptionReply> replies = client.Go("", 77, NbdWire.InfoName, 0xffff, NbdWire.InfoName);
        Assert.Equal(
            [NbdWire.InfoExport, NbdWire.InfoName], replies.SkipLast(1).Select(reply => reply.InfoType));
    }

    [Fact]
    public void Info_opens_and_closes_the_export_and_go_opens_it_again()
    {
        Journal journal = new();
        using LocalServer server = LocalServer.Start(new FakePlugin(journal: journal));
        using RawClient client = Greeted(server);
        client.Option(NbdWire.OptInfo, RawClient.InfoRequest("one").Bytes);
        client.Go("two");
        Assert.Equal(0U, client.Flush().Error);
        Assert.Equal(
            [
                "plugin: open 'one' readonly=False", "plugin: prepare", "plugin: describe", "plugin: finish",
                "plugin: close", "plugin: open 'two' readonly=False", "plugin: prepare", "plugin: describe",
                "plugin: flush",
            ],
            journal.Lines.SkipWhile(line => !line.StartsWith("plugin: open", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(Errno.ENOENT, NbdWire.ReplyUnknownExport)]
    [InlineData(Errno.EIO, NbdWire.ReplyUnknownExport)]
    [InlineData(Errno.EPERM, NbdWire.ReplyPolicy)]
    [InlineData(Errno.EACCES, NbdWire.ReplyPolicy)]
    [InlineData(Errno.ESHUTDOWN, NbdWire.ReplyErrorBit + 7)]
    public void An_export_that_does_not_open_is_refused_and_another_may_be_tried(Errno errno, uint expected)
    {
        bool refuse = true;
        using LocalServer server = LocalServer.Start(new FakePlugin
        {
            Calling = name => name == "open" && refuse ? Log.Error(errno, $"no such disk") : Errno.Ok,
        });
        using RawClient client = Greeted(server);
        OptionReply reply = client.Option(NbdWire.OptGo, RawClient.InfoRequest("a").Bytes).Single();
        Assert.Equal(expected, reply.Type);
        Assert.Equal("no such disk", reply.Text);

        refuse = false;
        client.Go("b");
        Assert.Equal(0U, client.Flush().Error);
    }

    [Theory]
    [InlineData("prepare")]
    [InlineData("describe")]
    public void An_export_that_cannot_be_used_is_closed_again(string callback)
    {
        Journal journal = new();
        FakePlugin plugin = new(journal: journal)
        {
            Calling = name => name == callback ? Errno.EIO : Errno.Ok,
        };
        using LocalServer server = LocalServer.Start(plugin);
        using RawClient client = Greeted(server);
        Assert.True(client.Option(NbdWire.OptGo, RawClient.InfoRequest("").Bytes).Single().IsError);
        Assert.Single(journal.With("close"));
        plugin.Calling = null;
        client.Go();
        Assert.Equal(0U, client.Flush().Error);
    }

    [Fact]
    public void A_refusal_of_any_length_is_cut_to_4096_bytes()
    {
        string reason = new('ü', 100_000);
        using LocalServer server = LocalServer.Start(new FakePlugin
        {
            Calling = name => name == "open" ? Log.Error(Errno.EIO, $"{reason}") : Errno.Ok,
        });
        using RawClient client = Greeted(server);
        OptionReply reply = client.Option(NbdWire.OptGo, RawClient.InfoRequest("").Bytes).Single();
        Assert.Equal(new string('ü', 2048), reply.Text);
    }

    public static TheoryData<byte[]> Malformed
    {
        get
        {
            TheoryData<byte[]> all = [];
            byte[] right = RawClient.InfoRequest("name", NbdWire.InfoName, NbdWire.InfoBlockSize).Bytes.ToArray();
            for (int length = 0; length < right.Length; length++)
                all.Add(right[..length]);
            all.Add([.. right, 0]);
            all.Add(new Message().U32(uint.MaxValue).U16(0).Bytes.ToArray());
            all.Add(new Message().U32(0x80000000).U16(0).Bytes.ToArray());
            all.Add(new Message().LengthAndText("a\0b").U16(0).Bytes.ToArray());
            all.Add(new Message().U32(2).Raw([0xc3, 0x28]).U16(0).Bytes.ToArray());
            all.Add(new Message().LengthAndText("").U16(ushort.MaxValue).U16(0).Bytes.ToArray());
            all.Add(RawClient.InfoRequest(new string('x', 4097)).Bytes.ToArray());
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Malformed_data_is_invalid_and_the_handshake_goes_on(byte[] data)
    {
        using LocalServer server = LocalServer.Start(new FakePlugin());
        using RawClient client = Greeted(server);
        Assert.Equal(NbdWire.ReplyInvalid, client.Option(NbdWire.OptInfo, data).Single().Type);
        Assert.Equal(NbdWire.ReplyInvalid, client.Option(NbdWire.OptGo, data).Single().Type);
        client.Go(new string('x', 4096));
        Assert.Equal(0U, client.Flush().Error);
    }

    [Fact]
    public void A_read_only_server_opens_and_shows_exports_read_only()
    {
        Journal journal = new();
        using LocalServer server = LocalServer.Start(
            new FakePlugin(journal: journal), options: options => options with { ReadOnly = true });
        using RawClient client = server.Open();
        Assert.NotEqual(0, client.ExportFlags & NbdWire.ReadOnly);
        Assert.Equal(0, client.ExportFlags & (NbdWire.SendTrim | NbdWire.SendWriteZeroes | NbdWire.SendFua));
        Assert.Single(journal.With("readonly=True"));
    }

    private static FakePlugin Rich() => new()
    {
        DefaultName = "main",
        Describing = (ref ExportInfo info) =>
        {
            info.Description = "eine größe";
            info.BlockMinimum = 512;
            info.BlockPreferred = 4096;
            info.BlockMaximum = 1 << 20;
        },
    };

    private static RawClient Greeted(LocalServer server)
    {
        RawClient client = server.Connect();
        client.Greet();
        return client;
    }

    private static OptionReply Info(IReadOnlyList<OptionReply> replies, ushort type) =>
        replies.Single(reply => reply.Type == NbdWire.ReplyInfo && reply.InfoType == type);
}
