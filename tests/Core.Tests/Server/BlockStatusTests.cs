// Block status over a connection, with and without a payload that filters. Not: the payload's bytes
// (Protocol/BlockStatusTests), selecting contexts (Handshake/MetaContextTests).

using System;
using System.Linq;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Server;

public sealed class BlockStatusTests
{
    private const string Allocation = "base:allocation";

    public static TheoryData<ReplyMode> Chunked => Modes.Chunked;

    [Theory]
    [MemberData(nameof(Chunked))]
    public void All_extents_of_the_range_are_told(ReplyMode mode)
    {
        using LocalServer server = LocalServer.Start(Thirds());
        using RawClient client = server.Open(mode, "", Allocation);
        Assert.Equal(
            [new StatusExtent(1, 3000, 0), new StatusExtent(1, 3000, 3), new StatusExtent(1, 1_042_576, 2)],
            client.BlockStatus(0, 1 << 20).Extents);
        Assert.Equal(
            [new StatusExtent(1, 2000, 0), new StatusExtent(1, 3000, 3)], client.BlockStatus(1000, 5000).Extents);
    }

    [Theory]
    [MemberData(nameof(Chunked))]
    public void The_last_extent_may_reach_over_the_range_but_not_over_the_export(ReplyMode mode)
    {
        FakePlugin plugin = new() { Mapping = (_, _, extents) => extents.Add(0, ulong.MaxValue, ExtentType.Data) };
        using LocalServer server = LocalServer.Start(plugin);
        using RawClient client = server.Open(mode, "", Allocation);
        Assert.Equal([new StatusExtent(1, (1 << 20) - 512, 0)], client.BlockStatus(512, 512).Extents);
    }

    [Theory]
    [MemberData(nameof(Chunked))]
    public void One_extent_ends_with_the_range(ReplyMode mode)
    {
        using LocalServer server = LocalServer.Start(Thirds());
        using RawClient client = server.Open(mode, "", Allocation);
        Assert.Equal([new StatusExtent(1, 2000, 0)], client.BlockStatus(1000, 5000, NbdWire.FlagOne).Extents);
        Assert.Equal([new StatusExtent(1, 500, 0)], client.BlockStatus(1000, 500, NbdWire.FlagOne).Extents);
    }

    [Theory]
    [MemberData(nameof(Chunked))]
    public void Flags_reach_the_plugin_that_are_for_it(ReplyMode mode)
    {
        Journal journal = new();
        using LocalServer server = LocalServer.Start(new FakePlugin(journal: journal));
        using RawClient client = server.Open(mode, "", Allocation);
        journal.Take();
        Assert.Equal(0U, client.BlockStatus(0, 512, NbdWire.FlagOne | NbdWire.FlagFua).Error);
        Assert.Equal(0U, client.BlockStatus(0, 512, NbdWire.FlagFua).Error);
        Assert.Equal(["plugin: extents 512 0 ReqOne", "plugin: extents 512 0 None"], journal.Take());
    }

    [Theory]
    [MemberData(nameof(Chunked))]
    public void A_plugin_without_extents_counts_as_allocated(ReplyMode mode)
    {
        using LocalServer server = LocalServer.Start(new FakePlugin(Operations.All & ~Operations.Extents));
        using RawClient client = server.Open(mode, "", Allocation);
        Assert.Equal([new StatusExtent(1, 4096, 0)], client.BlockStatus(8192, 4096).Extents);
    }

    [Theory]
    [MemberData(nameof(Chunked))]
    public void A_plugin_that_finds_none_or_fails_costs_its_request_only(ReplyMode mode)
    {
        int call = 0;
        FakePlugin plugin = new()
        {
            Mapping = (count, offset, extents) => call++ switch
            {
                0 => Errno.Ok,
                1 => Errno.EIO,
                2 => extents.Add(offset + 1, count, ExtentType.Data),
                3 => throw new InvalidOperationException("broken"),
                _ => extents.Add(offset, count, ExtentType.Data),
            },
        };
        using LocalServer server = LocalServer.Start(plugin, checksContract: false);
        using RawClient client = server.Open(mode, "", Allocation);
        // nbdkit has the same error for a plugin that breaks this rule.
        Assert.Equal(NbdWire.Einval, client.BlockStatus(0, 512).Error);
        for (int i = 1; i < 4; i++)
            Assert.Equal(NbdWire.Eio, client.BlockStatus(0, 512).Error);
        Assert.Equal([new StatusExtent(1, 512, 0)], client.BlockStatus(0, 512).Extents);
    }

    [Theory]
    [MemberData(nameof(Chunked))]
    public void A_reply_of_many_extents_comes_whole(ReplyMode mode)
    {
        FakePlugin plugin = new()
        {
            Mapping = (count, offset, extents) =>
            {
                for (ulong i = 0; i < count; i++)
                    extents.Add(offset + i, 1, (ExtentType)(i % 2));
                return Errno.Ok;
            },
        };
        using LocalServer server = LocalServer.Start(plugin);
        using RawClient client = server.Open(mode, "", Allocation);
        foreach (ulong count in new ulong[] { 1, 100, 1022, 1023, 5000, 65_536 })
        {
            Reply reply = client.BlockStatus(0, count);
            Assert.Equal((int)count, reply.Extents.Count);
            Assert.Equal(count / 2, (ulong)reply.Extents.Count(extent => extent.Flags == 1));
        }

        Assert.Equal(65_536, client.BlockStatus(0, 100_000).Extents.Count);   // More is not told at once.
        Assert.Equal(0U, client.Flush().Error);
    }

    [Fact]
    public void A_payload_selects_contexts()
    {
        using LocalServer server = LocalServer.Start(Thirds());
        using RawClient client = server.Open(ReplyMode.Extended, "", Allocation);
        Assert.NotEqual(0, client.ExportFlags & NbdWire.BlockStatusPayload);
        byte[] payload = new Message().U64(5000).U32(1).Bytes.ToArray();
        Assert.Equal(
            [new StatusExtent(1, 2000, 0), new StatusExtent(1, 3000, 3)], Filtered(client, 1000, payload).Extents);
    }

    public static TheoryData<byte[]> BadPayloads =>
    [
        new Message().U64(512).Bytes.ToArray(),                                  // No identifier.
        new Message().U64(512).U32(2).Bytes.ToArray(),                           // An unknown one.
        new Message().U64(512).U32(0).Bytes.ToArray(),
        new Message().U64(512).U32(1).U32(2).Bytes.ToArray(),                    // One too many.
        new Message().U64(512).U32(1).U32(1).Bytes.ToArray(),
        new Message().U64(512).U32(1).U16(0).Bytes.ToArray(),                    // Half of one.
        new Message().U32(512).Bytes.ToArray(),
        [1],
        new byte[100_000],
        new Message().U64(0).U32(1).Bytes.ToArray(),                             // Nothing is asked.
        new Message().U64(2 << 20).U32(1).Bytes.ToArray(),                       // Past the end.
        new Message().U64(ulong.MaxValue).U32(1).Bytes.ToArray(),
    ];

    [Theory]
    [MemberData(nameof(BadPayloads))]
    public void A_bad_payload_is_invalid_and_the_connection_goes_on(byte[] payload)
    {
        using LocalServer server = LocalServer.Start(Thirds());
        using RawClient client = server.Open(ReplyMode.Extended, "", Allocation);
        Assert.Equal(NbdWire.Einval, Filtered(client, 0, payload).Error);
        Assert.Equal([new StatusExtent(1, 512, 0)], client.BlockStatus(0, 512, NbdWire.FlagOne).Extents);
    }

    [Fact]
    public void A_payload_needs_a_selected_context()
    {
        using LocalServer server = LocalServer.Start(Thirds());
        using RawClient client = server.Open(ReplyMode.Extended);
        Assert.Equal(0, client.ExportFlags & NbdWire.BlockStatusPayload);
        Assert.Equal(NbdWire.Einval, Filtered(client, 0, new Message().U64(512).U32(1).Bytes.ToArray()).Error);
        Assert.Equal(0U, client.Flush().Error);
    }

    [Theory]
    [InlineData(NbdWire.CmdRead)]
    [InlineData(NbdWire.CmdFlush)]
    [InlineData(NbdWire.CmdTrim)]
    [InlineData(NbdWire.CmdCache)]
    [InlineData(NbdWire.CmdWriteZeroes)]
    [InlineData(99)]
    public void A_payload_of_a_command_that_has_none_is_dropped(ushort command)
    {
        using LocalServer server = LocalServer.Start(Thirds());
        using RawClient client = server.Open(ReplyMode.Extended);
        client.SendRequest(command, 5, 0, 1000, NbdWire.FlagPayloadLength, new byte[1000]);
        Assert.Equal(NbdWire.Einval, client.ReceiveReplies(5).Single().Error);
        Assert.Equal(0U, client.Flush().Error);
    }

    [Fact]
    public void A_write_without_the_payload_flag_is_a_write_nevertheless()
    {
        using LocalServer server = LocalServer.Start(Thirds());
        using RawClient client = server.Open(ReplyMode.Extended);
        client.Send(new Message().U32(NbdWire.ExtendedRequestMagic).U16(0).U16(NbdWire.CmdWrite).U64(3).U64(8).U64(3)
            .Raw([7, 8, 9]));
        Assert.Equal(0U, client.ReceiveReply(3, 8, 0).Error);
        Assert.Equal([7, 8, 9], client.Read(8, 3).Data);
    }

    private static Reply Filtered(RawClient client, ulong offset, byte[] payload) => client.Transact(
        NbdWire.CmdBlockStatus, offset, (ulong)payload.Length, NbdWire.FlagPayloadLength, payload);

    private static FakePlugin Thirds() => new()
    {
        Mapping = (_, offset, extents) =>
        {
            Errno errno = offset < 3000 ? extents.Add(0, 3000, ExtentType.Data) : Errno.Ok;
            if (errno == Errno.Ok && offset < 6000)
                errno = extents.Add(3000, 3000, ExtentType.HoleZero);
            return errno == Errno.Ok ? extents.Add(6000, (1 << 20) - 6000, ExtentType.Zero) : errno;
        },
    };
}
