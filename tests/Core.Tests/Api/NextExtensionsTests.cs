// Extents that take several requests, against a byte for each block of a small disk. Not: the list (ExtentListTests).

using System;
using System.Linq;
using System.Text;
using NbdFast.Chain;

namespace NbdFast.Core.Tests.Api;

public sealed class NextExtensionsTests
{
    private const int Block = 4;

    [Fact]
    public void The_whole_range_is_asked_for_in_as_many_requests_as_it_takes()
    {
        ChainNext next = Disk("ddhhzzsd", extentsPerCall: 1, out Mapped map);
        var list = new ExtentList(1, 6);
        Assert.Equal(Errno.Ok, next.ReadExtentsFull(6, 1, RequestFlags.ReqOne, list));
        Assert.Equal("dhhzzs", Text(list));
        Assert.Equal(4, map.Calls);
        Assert.Equal(RequestFlags.None, map.LastFlags);
    }

    [Fact]
    public void What_is_known_beyond_the_range_is_cut_off()
    {
        ChainNext next = Disk("ddddhhhh", extentsPerCall: 9, out _);
        var list = new ExtentList(0, 6);
        Assert.Equal(Errno.Ok, next.ReadExtentsFull(6, 0, RequestFlags.None, list));
        Assert.Equal("ddddhh", Text(list));
    }

    [Fact]
    public void A_layer_that_says_nothing_is_an_error_and_not_a_loop()
    {
        ChainNext next = Disk("dddd", extentsPerCall: 0, out _);
        Assert.Equal(Errno.EIO, next.ReadExtentsFull(4, 0, RequestFlags.None, new ExtentList(0, 4)));
        Assert.Equal(Errno.EIO, next.ReadExtentsAligned(4, 0, RequestFlags.None, Block, new ExtentList(0, 4)));
    }

    [Fact]
    public void An_error_below_is_the_answer()
    {
        ChainNext next = Disk("dddd", extentsPerCall: 1, out Mapped map);
        map.Error = Errno.ENOMEM;
        Assert.Equal(Errno.ENOMEM, next.ReadExtentsFull(4, 0, RequestFlags.None, new ExtentList(0, 4)));
        Assert.Equal(Errno.ENOMEM, next.ReadExtentsAligned(4, 0, RequestFlags.None, Block, new ExtentList(0, 4)));
    }

    [Theory]
    [InlineData("hhhhdddd", "hhhhdddd")]
    [InlineData("hhhdhhhh", "ddddhhhh")]
    [InlineData("hhzzhhhh", "zzzzhhhh")]
    [InlineData("hhsshhhh", "sssshhhh")]
    [InlineData("zzsshhhh", "ddddhhhh")]
    [InlineData("hhhhhhzzzzzz", "hhhhzzzzzzzz")]
    [InlineData("hhhhhhhhhd", "hhhhhhhhdd")]
    [InlineData("hhd", "ddd")]
    public void A_block_is_what_all_of_it_is(string disk, string expected) =>
        Assert.Equal(expected, Aligned(disk, 0, disk.Length, extentsPerCall: 99, out _));

    [Fact]
    public void The_first_block_is_completed_by_further_requests()
    {
        Assert.Equal("dddd", Aligned("hzsdhhhh", 0, 8, extentsPerCall: 1, out int calls));
        Assert.Equal(4, calls);
    }

    [Fact]
    public void A_block_that_is_not_known_to_its_end_is_left_for_the_next_request()
    {
        Assert.Equal("hhhh", Aligned("hhhhhhdd", 0, 8, extentsPerCall: 1, out int calls));
        Assert.Equal(1, calls);
    }

    [Fact]
    public void A_range_may_begin_and_end_within_blocks() =>
        Assert.Equal("dddhhh", Aligned("dhhhhhhhdddd", 1, 6, extentsPerCall: 99, out _)[..6]);

    [Fact]
    public void Random_disks_agree_with_a_block_by_block_count()
    {
        var random = new Random(20261122);
        for (int round = 0; round < 2000; round++)
        {
            string disk = new([.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => "dhzs"[random.Next(4)])]);
            int offset = random.Next(disk.Length);
            int count = random.Next(1, disk.Length - offset + 1);
            string got = Aligned(disk, offset, count, random.Next(1, 5), out _);
            Assert.NotEmpty(got);
            Assert.Equal(Expected(disk)[offset..][..got.Length], got);
        }
    }

    private static string Expected(string disk)
    {
        var text = new StringBuilder();
        foreach (char[] block in disk.Chunk(Block))
            text.Append(Letter(block.Aggregate(ExtentType.HoleZero, (type, c) => type & TypeOf(c))), block.Length);
        return text.ToString();
    }

    private static string Aligned(string disk, int offset, int count, int extentsPerCall, out int calls)
    {
        ChainNext next = Disk(disk, extentsPerCall, out Mapped map);
        var list = new ExtentList((ulong)offset, (ulong)count);
        Assert.Equal(
            Errno.Ok, next.ReadExtentsAligned((ulong)count, (ulong)offset, RequestFlags.None, Block, list));
        calls = map.Calls;
        return Text(list);
    }

    private static string Text(ExtentList list)
    {
        var text = new StringBuilder();
        for (int i = 0; i < list.Count; i++)
            text.Append(Letter(list[i].Type), (int)list[i].Length);
        return text.ToString();
    }

    // d: data, h: a hole that reads as zeroes, z: zeroes that are allocated, s: a hole that does not read as zeroes.
    private static ExtentType TypeOf(char letter) => (ExtentType)"dszh".IndexOf(letter, StringComparison.Ordinal);

    private static char Letter(ExtentType type) => "dszh"[(int)type];

    private static ChainNext Disk(string disk, int extentsPerCall, out Mapped map)
    {
        var info = new LayerInfo();
        info.Value.Size = (ulong)disk.Length;
        map = new Mapped(disk, extentsPerCall);
        return ChainNext.Of(map, info);
    }

    // A disk with a type for each byte, which tells of a few runs at a time.
    private sealed class Mapped(string disk, int extentsPerCall) : Link
    {
        public int Calls { get; private set; }

        public RequestFlags LastFlags { get; private set; }

        public Errno Error { get; set; }

        public override Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents)
        {
            Calls++;
            LastFlags = flags;
            Assert.True(offset + count <= (ulong)disk.Length);
            int position = (int)offset;
            for (int i = 0; i < extentsPerCall && position < disk.Length; i++)
            {
                int end = position;
                while (end < disk.Length && disk[end] == disk[position])
                    end++;
                Errno errno = extents.Add((ulong)position, (ulong)(end - position), TypeOf(disk[position]));
                if (errno != Errno.Ok)
                    return errno;
                position = end;
            }

            return Error;
        }
    }
}
