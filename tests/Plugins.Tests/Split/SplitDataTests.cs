// Requests to several files as one disk, above all those that lie in more than one of them. Not: random ones
// (tests/Property), files that change (SplitFileTests).

using System;
using System.IO;
using System.Linq;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests.Split;

public sealed class SplitDataTests
{
    private const int Block = 64 * 1024;   // A multiple of what any file system allocates at once.

    [Fact]
    public void Files_follow_each_other_without_a_gap()
    {
        using SplitFiles files = new(1000, 0, 1, 70_000, 0, 513);
        using ChainHarness chain = files.Open();
        byte[] expected = files.Content();
        Assert.Equal(71_514u, chain.Info.Size);
        Assert.Equal(expected, chain.ReadBytes(0, expected.Length));
        Assert.Equal(expected[999..1003], chain.ReadBytes(999, 4));
        Assert.Equal(expected[1000..1001], chain.ReadBytes(1000, 1));
        Assert.Equal(expected[71_513..], chain.ReadBytes(71_513, 1));
    }

    [Theory]
    [InlineData(RequestFlags.None)]
    [InlineData(RequestFlags.Fua)]
    public void A_write_over_borders_lands_in_all_files(RequestFlags flags)
    {
        using SplitFiles files = new(1000, 3, 2000, 1000);
        byte[] expected = files.Content();
        byte[] data = new Seed(2).Random.GetItems<byte>([1, 2, 3, 4, 5], 2504);
        using ChainHarness chain = files.Open();
        Assert.Equal(Errno.Ok, chain.Next.Write(data, 500, flags));
        Assert.Equal(Errno.Ok, chain.Next.Flush());
        data.CopyTo(expected, 500);
        Assert.Equal(expected, files.Content());
        Assert.Equal(2000, new FileInfo(files[2]).Length);
    }

    [Theory]
    [InlineData(RequestFlags.None)]
    [InlineData(RequestFlags.MayTrim)]
    [InlineData(RequestFlags.FastZero | RequestFlags.Fua)]
    public void Zeroing_goes_over_borders(RequestFlags flags)
    {
        using SplitFiles files = new(1000, 3, 2000, 1000);
        byte[] expected = files.Content();
        using ChainHarness chain = files.Open();
        Assert.Equal(Errno.Ok, chain.Next.Zero(2504, 500, flags));
        expected.AsSpan(500, 2504).Clear();
        Assert.Equal(expected, files.Content());
    }

    [Fact]
    public void Trimming_and_caching_go_over_borders()
    {
        using SplitFiles files = new(2 * Block, 3, 2 * Block);
        byte[] expected = files.Content();
        using ChainHarness chain = files.Open();
        Assert.Equal(Errno.Ok, chain.Next.Trim((2 * Block) + 3, Block, RequestFlags.Fua));
        Assert.Equal(Errno.Ok, chain.Next.Cache(chain.Info.Size, 0));
        expected.AsSpan(Block, (2 * Block) + 3).Clear();
        Assert.Equal(expected, files.Content());
    }

    [Fact]
    public void Holes_are_told_over_borders_and_joined()
    {
        using SplitFiles files = new(2 * Block, Block, 2 * Block, 100);
        using ChainHarness chain = files.Open();
        Assert.Equal(Errno.Ok, chain.Next.Zero(3 * Block, Block, RequestFlags.MayTrim));
        Assert.Equal(
            [Data(0, Block), Hole(Block, 3 * Block), Data(4 * Block, Block + 100)], chain.Extents(0, chain.Info.Size));
        Assert.Equal([Hole((2 * Block) + 5, Block)], chain.Extents((2 * Block) + 5, Block));
        Extent only = Assert.Single(chain.Extents(Block, 3 * Block, RequestFlags.ReqOne));
        Assert.Equal(Hole(Block, Block), only);
    }

    [Fact]
    public void Positions_beyond_four_gibibytes_are_reached()
    {
        const ulong Gibi = 1UL << 30;
        using SplitFiles files = new(0, 0);
        files.Resize(0, (long)(5 * Gibi));
        files.Resize(1, (long)(6 * Gibi));
        using ChainHarness chain = files.Open();
        byte[] data = [1, 2, 3, 4, 5];
        Assert.Equal(Errno.Ok, chain.Next.Write(data, (5 * Gibi) - 2, RequestFlags.None));
        Assert.Equal(Errno.Ok, chain.Next.Write(data, (10 * Gibi) + 7, RequestFlags.None));
        Assert.Equal(data, chain.ReadBytes((5 * Gibi) - 2, 5));
        Assert.Equal(Errno.Ok, chain.Next.Zero(11 * Gibi, 0, RequestFlags.MayTrim));
        Assert.Equal([Hole(0, 11 * Gibi)], chain.Extents(0, 11 * Gibi));
        Assert.Equal(new byte[5], chain.ReadBytes((10 * Gibi) + 7, 5));
    }

    [Fact]
    public void What_is_lent_ends_at_the_border()
    {
        using SplitFiles files = new(1000, 2000);
        using ChainHarness chain = files.Open();
        Loan loan = chain.Next.Lend(1500, 500, wantHoles: false);
        Assert.Equal((LoanKind.File, 500u, 500ul), (loan.Kind, loan.Length, loan.FileOffset));
        Loan place = chain.Next.LendForWrite(1000, 1500);
        Assert.Equal((LoanKind.File, 1000u, 500ul), (place.Kind, place.Length, place.FileOffset));
        chain.Next.Written(1000, 1500);
        Assert.Equal(LoanKind.None, chain.Next.LendForWrite(1000, 500).Kind);
    }

    [Fact]
    public void The_description_offers_everything_that_files_can()
    {
        using SplitFiles files = new(10, 10);
        using ChainHarness chain = files.Open();
        ExportInfo info = chain.Info;
        Assert.True(info is
        {
            CanWrite: true, CanFlush: true, CanTrim: true, CanExtents: true, CanFastZero: true, MultiConn: true,
            Rotational: false, Zero: ZeroSupport.Native, Fua: FuaSupport.Native, Cache: CacheSupport.Native,
            BlockMinimum: 0, BlockPreferred: 0, BlockMaximum: 0,
        });
    }

    [Fact]
    public void A_thousand_files_of_a_few_bytes_are_one_disk()
    {
        using SplitFiles files = new(Enumerable.Range(0, 1000).Select(i => i % 7));
        byte[] expected = files.Content();
        using ChainHarness chain = files.Open();
        Assert.Equal(expected, chain.ReadBytes(0, expected.Length));
        new Seed(3).Random.NextBytes(expected);
        Assert.Equal(Errno.Ok, chain.Next.Write(expected, 0, RequestFlags.None));
        Assert.Equal(expected, files.Content());
    }

    [Fact]
    public void Only_empty_files_are_an_empty_disk()
    {
        using SplitFiles files = new(0, 0, 0);
        using ChainHarness chain = files.Open();
        Assert.Equal(0u, chain.Info.Size);
        Assert.Equal(Errno.Ok, chain.Next.Flush());
    }

    private static Extent Data(ulong offset, ulong length) => new(offset, length, ExtentType.Data);

    private static Extent Hole(ulong offset, ulong length) => new(offset, length, ExtentType.HoleZero);
}
