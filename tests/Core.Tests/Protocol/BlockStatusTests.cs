// The payload of block status chunks. Not: finding extents, the chunk around it.

using System;
using System.Buffers.Binary;
using NbdFast.Protocol;

namespace NbdFast.Core.Tests.Protocol;

public sealed class BlockStatusTests
{
    private const ulong Disk = 1UL << 40;

    [Fact]
    public void A_compact_payload_is_the_context_and_32_bit_entries()
    {
        byte[] payload = Payload(Two(), extended: false, Disk);
        Assert.Equal(4 + 2 * 8, payload.Length);
        Assert.Equal([1, 4096, 3, 8192, 0], Words(payload));
    }

    [Fact]
    public void An_extended_payload_counts_its_64_bit_entries()
    {
        byte[] payload = Payload(Two(), extended: true, Disk);
        Assert.Equal(8 + 2 * 16, payload.Length);
        Assert.Equal([1, 2, 0, 4096, 0, 3, 0, 8192, 0, 0], Words(payload));
    }

    [Theory]
    [InlineData(0xffffffff, 0xffffffff)]
    [InlineData(0x100000000, 0xffff0000)]
    [InlineData(0x123456789a, 0xffff0000)]
    public void A_compact_entry_tells_of_a_longer_extent_in_part(ulong length, uint told)
    {
        ExtentList list = new(0, 0xffffffff);
        list.Add(0, length, ExtentType.Data);
        Assert.Equal([1, told, 0], Words(Payload(list, extended: false, Disk)));
    }

    [Fact]
    public void An_extended_entry_tells_of_all_of_a_long_extent()
    {
        ExtentList list = new(0, Disk);
        list.Add(0, Disk, ExtentType.HoleZero);
        Assert.Equal([1, 1, 256, 0, 0, 3], Words(Payload(list, extended: true, Disk)));
    }

    [Fact]
    public void The_last_extent_ends_where_it_must()
    {
        ExtentList list = new(0, 4096);
        list.Add(0, ulong.MaxValue, ExtentType.Data);
        Assert.Equal([1, 6000, 0], Words(Payload(list, extended: false, end: 6000)));
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 1)]
    public void One_extent_is_sent_if_one_was_asked_for(bool onlyOne, int expected) =>
        Assert.Equal(expected, BlockStatus.CountToSend(Two(), onlyOne));

    [Fact]
    public void The_number_of_extents_in_a_reply_is_bounded()
    {
        const int Many = BlockStatus.MaximumExtents + 10;
        ExtentList list = new(0, Many);
        for (uint i = 0; i < Many; i++)
            list.Add(i, 1, (ExtentType)(i % 2));
        Assert.Equal(Many, list.Count);
        Assert.Equal(BlockStatus.MaximumExtents, BlockStatus.CountToSend(list, onlyOne: false));
    }

    private static ExtentList Two()
    {
        ExtentList list = new(0, 4096 + 8192);
        list.Add(0, 4096, ExtentType.HoleZero);
        list.Add(4096, 8192, ExtentType.Data);
        return list;
    }

    private static byte[] Payload(ExtentList list, bool extended, ulong end)
    {
        byte[] payload = new byte[BlockStatus.PayloadBytes(list.Count, extended)];
        BlockStatus.Write(payload, list, list.Count, end, extended);
        return payload;
    }

    private static uint[] Words(byte[] bytes)
    {
        uint[] words = new uint[bytes.Length / 4];
        for (int i = 0; i < words.Length; i++)
            words[i] = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(i * 4));
        return words;
    }
}
