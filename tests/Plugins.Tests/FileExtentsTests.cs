// Holes of regular files: told as extents, and lent. Not: making them (FileSpaceTests).

using System;
using System.IO;
using NbdFast.Plugins.Files;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class FileExtentsTests : IDisposable
{
    private const ulong Block = 64 * 1024;   // A multiple of what any file system allocates at once.
    private const ulong Gibi = 1UL << 30;

    private readonly TempFolder _folder = new();

    private string Disk => _folder.File("disk");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Data_and_holes_are_told_in_turn()
    {
        using ChainHarness chain = WithDataAt(16 * Block, 2 * Block, 5 * Block, 6 * Block);
        Assert.Equal(
            [
                Hole(0, 2 * Block), Data(2 * Block, Block), Hole(3 * Block, 2 * Block), Data(5 * Block, 2 * Block),
                Hole(7 * Block, 9 * Block),
            ],
            chain.Extents(0, 16 * Block));
    }

    [Fact]
    public void A_range_inside_of_extents_begins_where_it_was_asked()
    {
        using ChainHarness chain = WithDataAt(16 * Block, 2 * Block);
        Extent first = chain.Extents(Block + 100, Block)[0];
        Assert.Equal(Block + 100, first.Offset);
        Assert.Equal(ExtentType.HoleZero, first.Type);
        Assert.Equal(ExtentType.Data, chain.Extents((2 * Block) + 5, 10)[0].Type);
    }

    [Theory]
    [InlineData(0UL, ExtentType.HoleZero)]
    [InlineData(2 * Block, ExtentType.Data)]
    [InlineData(9 * Block, ExtentType.HoleZero)]
    public void One_extent_is_told_if_one_is_asked_for(ulong offset, ExtentType type)
    {
        using ChainHarness chain = WithDataAt(16 * Block, 2 * Block, 5 * Block);
        Extent only = Assert.Single(chain.Extents(offset, (16 * Block) - offset, RequestFlags.ReqOne));
        Assert.Equal(type, only.Type);
        Assert.Equal(offset, only.Offset);
    }

    [Fact]
    public void A_hole_of_more_than_four_gibibytes_is_one_extent()
    {
        using ChainHarness chain = WithDataAt(12 * Gibi, 11 * Gibi);
        Assert.Equal(
            [Hole(0, 11 * Gibi), Data(11 * Gibi, Block), Hole((11 * Gibi) + Block, Gibi - Block)],
            chain.Extents(0, 12 * Gibi));
    }

    [Fact]
    public void A_file_without_holes_is_one_extent_of_data()
    {
        TempDisk.CreateRandom(Disk, 1_000_001);
        using ChainHarness chain = ChainHarness.Open(new FilePlugin(), ("file", Disk));
        Assert.Equal([Data(0, 1_000_001)], chain.Extents(0, 1_000_001));
    }

    [Fact]
    public void What_was_cut_off_is_told_as_data_so_that_nobody_takes_it_for_zeroes()
    {
        using ChainHarness chain = WithDataAt(16 * Block, 0);
        Resize(4 * Block);
        Assert.Equal(
            [Data(0, Block), Hole(Block, 3 * Block), Data(4 * Block, 12 * Block)], chain.Extents(0, 16 * Block));
        Assert.Equal([Data(8 * Block, 8 * Block)], chain.Extents(8 * Block, 8 * Block));
        Assert.Equal(LoanKind.File, chain.Next.Lend((uint)Block, 8 * Block, wantHoles: true).Kind);
    }

    [Fact]
    public void What_was_added_behind_the_end_is_not_told()
    {
        using ChainHarness chain = WithDataAt(4 * Block, 3 * Block);
        Resize(40 * Block);
        Assert.Equal([Hole(0, 3 * Block), Data(3 * Block, Block)], chain.Extents(0, 4 * Block));
    }

    [SkippableFact]
    public void A_file_system_that_knows_no_holes_has_data_only()
    {
        using MountedFolder ramfs = MountedFolder.Ramfs();
        TempDisk.CreateSparse(ramfs.File("disk"), 1 << 20);
        using ChainHarness chain = ChainHarness.Open(new FilePlugin(), ("file", ramfs.File("disk")));
        Assert.Equal([Data(0, 1 << 20)], chain.Extents(0, 1 << 20));
    }

    [Fact]
    public void A_hole_at_the_start_of_a_read_is_lent()
    {
        using ChainHarness chain = WithDataAt(16 * Block, 4 * Block);
        Assert.Equal(Loan.OfHole(4 * (uint)Block), chain.Next.Lend(8 * (uint)Block, 0, wantHoles: true));
        Assert.Equal(Loan.OfHole((uint)Block), chain.Next.Lend((uint)Block, Block, wantHoles: true));
        Assert.Equal(Loan.OfHole(32768), chain.Next.Lend(65536, (4 * Block) - 32768, wantHoles: true));
        Assert.Equal(Loan.OfHole((uint)(11 * Block)), chain.Next.Lend((uint)(11 * Block), 5 * Block, wantHoles: true));
    }

    [Fact]
    public void Data_and_short_holes_are_lent_as_parts_of_the_file()
    {
        using ChainHarness chain = WithDataAt(16 * Block, 4 * Block);
        AssertFile((uint)Block, 0, wantHoles: false);
        AssertFile((uint)Block, 4 * Block, wantHoles: true);
        AssertFile(32767, 0, wantHoles: true);
        AssertFile((uint)Block, (4 * Block) - 32767, wantHoles: true);

        void AssertFile(uint count, ulong offset, bool wantHoles)
        {
            Loan loan = chain.Next.Lend(count, offset, wantHoles);
            Assert.Equal((LoanKind.File, count, offset), (loan.Kind, loan.Length, loan.FileOffset));
        }
    }

    [Fact]
    public void Nothing_is_lent_of_data_that_is_to_leave_the_page_cache_again()
    {
        TempDisk.CreateRandom(Disk, 1 << 20);
        using ChainHarness chain = ChainHarness.Open(
            new FilePlugin(), ("file", Disk), ("reduce-memory-pressure", "true"));
        Assert.Equal(Loan.None, chain.Next.Lend((uint)Block, 0, wantHoles: true));
    }

    [Fact]
    public void Requests_allocate_nothing_on_the_heap()
    {
        using ChainHarness chain = WithDataAt(16 * Block, 2 * Block, 5 * Block);
        byte[] data = new byte[4096];
        var extents = new ExtentList(0, 16 * Block);
        FilePlugin plugin = new();
        Link link = OpenAlone(plugin);
        Errno errors = Errno.Ok;
        Assert.Equal(0, HeapUse.Of(100, () =>
        {
            extents.Reset(0, 16 * Block);
            errors |= link.Read(data, Block) | link.Write(data, Block, RequestFlags.Fua) | link.Flush() |
                link.Zero(Block, Block, RequestFlags.MayTrim) | link.Zero(Block, 9 * Block, RequestFlags.None) |
                link.Trim(Block, 9 * Block, RequestFlags.None) | link.Cache(Block, 0) |
                link.Extents(16 * Block, 0, RequestFlags.None, extents);
            link.Lend((uint)Block, 0, wantHoles: true);
        }));
        Assert.Equal(Errno.Ok, errors);
        link.Close();
        plugin.Dispose();
    }

    // Without the harness, whose checks may allocate.
    private Link OpenAlone(FilePlugin plugin)
    {
        plugin.Bind("file", Disk);
        plugin.Bind("reduce-memory-pressure", "true");
        plugin.ConfigComplete();
        return plugin.Open(new OpenRequest(new ClientInfo(), "", readOnly: false))!;
    }

    private ChainHarness WithDataAt(ulong size, params ulong[] places)
    {
        TempDisk.CreateSparse(Disk, (long)size);
        ChainHarness chain = ChainHarness.Open(new FilePlugin(), ("file", Disk));
        byte[] data = new byte[Block];
        Array.Fill(data, (byte)0x5a);
        foreach (ulong place in places)
            Assert.Equal(Errno.Ok, chain.Next.Write(data, place, RequestFlags.None));
        return chain;
    }

    private void Resize(ulong size)
    {
        using FileStream file = new(Disk, FileMode.Open);
        file.SetLength((long)size);
    }

    private static Extent Hole(ulong offset, ulong length) => new(offset, length, ExtentType.HoleZero);

    private static Extent Data(ulong offset, ulong length) => new(offset, length, ExtentType.Data);
}
