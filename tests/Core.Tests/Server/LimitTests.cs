// How much data one request may carry. Not: the memory of all of them (MemoryTests).

using System;
using System.Linq;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Server;

public sealed class LimitTests
{
    private const int Limit = 64 << 20;
    private const int Size = 80 << 20;

    public static TheoryData<ReplyMode, Latency> Ways => Modes.AllTimesPlans;

    [Theory]
    [MemberData(nameof(Ways))]
    public void The_longest_request_works(ReplyMode mode, Latency latency)
    {
        using LocalServer server = LocalServer.Start(Plugin(latency));
        using RawClient client = server.Open(mode);
        byte[] data = new byte[Limit];
        for (int i = 0; i < data.Length; i += 4096)
            data[i] = (byte)(i >> 12);
        Assert.Equal(0U, client.Write(5, data).Error);
        Assert.True(data.AsSpan().SequenceEqual(client.Read(5, Limit).Data));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_longer_one_is_refused_and_its_data_dropped(ReplyMode mode, Latency latency)
    {
        Journal journal = new();
        using LocalServer server = LocalServer.Start(Plugin(latency, journal));
        using RawClient client = server.Open(mode);
        journal.Take();
        Assert.Equal(NbdWire.Enomem, client.Read(0, Limit + 1).Error);
        Assert.Equal(NbdWire.Enomem, client.Write(0, new byte[Limit + 1]).Error);
        Assert.Equal(0U, client.Flush().Error);
        Assert.Equal(["plugin: flush"], journal.Take());
    }

    [Fact]
    public void A_payload_of_128_MiB_is_dropped_and_the_connection_goes_on()
    {
        using LocalServer server = LocalServer.Start(Plugin(Latency.Memory));
        using RawClient client = server.Open();
        client.Send(Header(128 << 20));
        byte[] piece = new byte[1 << 20];
        for (int i = 0; i < 128; i++)
            client.Send(piece);
        Assert.Equal(NbdWire.Enomem, client.ReceiveReply(9, 0, 0).Error);
        Assert.Equal(0U, client.Flush().Error);
    }

    [Theory]
    [InlineData((128U << 20) + 1)]
    [InlineData(uint.MaxValue)]
    public void A_longer_payload_ends_the_connection(uint length)
    {
        using LocalServer server = LocalServer.Start(Plugin(Latency.Memory));
        using RawClient client = server.Open();
        client.Send(Header(length));
        Assert.Empty(client.ReceiveToEnd());
    }

    [Fact]
    public void A_64_bit_payload_ends_the_connection()
    {
        using LocalServer server = LocalServer.Start(Plugin(Latency.Memory));
        using RawClient client = server.Open(ReplyMode.Extended);
        client.SendRequest(NbdWire.CmdWrite, 1, 0, 1UL << 40);
        Assert.Empty(client.ReceiveToEnd());
    }

    [Fact]
    public void Extended_requests_without_data_have_64_bit_lengths()
    {
        Journal journal = new();
        const ulong Huge = 1UL << 45;
        FakePlugin plugin = new(journal: journal)
        {
            Describing = (ref ExportInfo info) => info.Size = Huge,
            Mapping = (count, offset, extents) => extents.Add(offset, count, ExtentType.HoleZero),
        };
        using LocalServer server = LocalServer.Start(plugin);
        using RawClient client = server.Open(ReplyMode.Extended, "", "base:allocation");
        journal.Take();
        Assert.Equal(0U, client.Trim(0, Huge).Error);
        Assert.Equal(0U, client.Cache(4096, Huge - 4096).Error);
        Assert.Equal([new StatusExtent(1, Huge, 3)], client.BlockStatus(0, Huge).Extents);
        Assert.Equal(NbdWire.Einval, client.Trim(1, Huge).Error);
        client.SendRequest(NbdWire.CmdRead, 77, 0, 1UL << 32);
        Assert.Equal(NbdWire.Enomem, client.ReceiveReplies(77).Single().Error);
        Assert.Equal(
            [$"plugin: trim {Huge} 0 None", $"plugin: cache {Huge - 4096} 4096", $"plugin: extents {Huge} 0 None"],
            journal.Take());
    }

    [Fact]
    public void A_compact_block_status_of_a_larger_extent_is_told_in_part()
    {
        const ulong Huge = 1UL << 40;
        FakePlugin plugin = new()
        {
            Describing = (ref ExportInfo info) => info.Size = Huge,
            Mapping = (_, _, extents) => extents.Add(0, Huge, ExtentType.Hole),
        };
        using LocalServer server = LocalServer.Start(plugin);
        using RawClient client = server.Open(ReplyMode.Structured, "", "base:allocation");
        Assert.Equal([new StatusExtent(1, 0xffff0000, 1)], client.BlockStatus(0, 512).Extents);
        Assert.Equal([new StatusExtent(1, 512, 1)], client.BlockStatus(0, 512, NbdWire.FlagOne).Extents);
    }

    private static Message Header(uint length) =>
        new Message().U32(NbdWire.RequestMagic).U16(0).U16(NbdWire.CmdWrite).U64(9).U64(0).U32(length);

    private static FakePlugin Plugin(Latency latency, Journal? journal = null) => new(journal: journal)
    {
        Disk = new byte[Size],
        TableOverride = Modes.Table(latency),
    };
}
