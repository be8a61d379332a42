// The cow filter against its page, one request at a time. Not: several at once (CowConcurrencyTests).

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NbdFast.Chain;
using NbdFast.Testing;

namespace NbdFast.Filters.Tests;

public sealed class CowFilterTests
{
    private const int Block = 64 << 10;
    private const int Size = (10 * Block) + 777;

    private static byte[] Base()
    {
        byte[] bytes = new byte[Size];
        new Random(5).NextBytes(bytes);
        return bytes;
    }

    [Fact]
    public void An_untouched_disk_reads_as_what_is_below()
    {
        using ChainHarness chain = Open(out _);
        Assert.Equal(Base(), chain.ReadBytes(0, Size));
        Assert.Equal(Base()[12345..54321], chain.ReadBytes(12345, 54321 - 12345));
    }

    [Fact]
    public void Whatever_lies_below_the_disk_can_do_all()
    {
        using var chain = ChainHarness.Open(new FakePlugin(Operations.Read), [new CowFilter()]);
        ExportInfo info = chain.Info;
        Assert.True(info is
        {
            CanWrite: true,
            CanFlush: true,
            CanTrim: true,
            CanExtents: true,
            CanFastZero: true,
            MultiConn: true,
            Zero: ZeroSupport.Native,
            Fua: FuaSupport.Native,
            Cache: CacheSupport.Native,
            BlockMinimum: 1,
            BlockPreferred: Block,
            BlockMaximum: uint.MaxValue,
        });
        Assert.Equal(1u << 20, info.Size);
    }

    [Fact]
    public void A_client_that_only_reads_is_told_so()
    {
        using var chain = ChainHarness.Start(new FakePlugin(), [new CowFilter()]);
        Assert.Equal(Errno.Ok, chain.Connect(out OpenedLayers? layers, readOnly: true));
        Assert.False(layers!.Next.Info.CanWrite);
    }

    [Theory]
    [InlineData(64 << 10)]
    [InlineData(4096)]
    [InlineData(1 << 20)]
    public void Any_requests_match_a_model_and_leave_what_is_below_alone(int blockSize)
    {
        var seed = new Seed();
        var journal = new Journal();
        byte[] below = Base();
        byte[] model = Base();
        using var chain = ChainHarness.Open(
            new FakePlugin(journal: journal) { Disk = below },
            [new CowFilter()],
            ("cow-block-size", $"{blockSize}"), ("cow-on-read", seed.Random.Next(2) == 0 ? "true" : "false"));
        for (int round = 0; round < 600; round++)
            Send(chain.Next, model, seed);
        Assert.True(model.AsSpan().SequenceEqual(chain.ReadBytes(0, Size)), seed.ToString());
        Assert.Equal(Base(), below);
        Assert.Contains("plugin: open '' readonly=True", journal.Lines);
        Assert.Empty(journal.With("plugin: write"));
        Assert.Empty(journal.With("plugin: trim"));
        Assert.Empty(journal.With("plugin: zero"));
    }

    [Fact]
    public void All_clients_of_an_export_see_the_same_disk_until_the_server_ends()
    {
        using ChainHarness chain = Open(out _);
        Assert.Equal(Errno.Ok, chain.Next.Write("hello"u8, 70_000, RequestFlags.None));
        Assert.Equal(Errno.Ok, chain.Connect(out OpenedLayers? second));
        chain.First.Dispose();
        byte[] buffer = new byte[5];
        Assert.Equal(Errno.Ok, second!.Next.Read(buffer, 70_000));
        Assert.Equal("hello"u8, buffer);
        second.Dispose();
        Assert.Equal(Errno.Ok, chain.Connect(out OpenedLayers? third));
        Assert.Equal(Errno.Ok, third!.Next.Read(buffer, 70_000));
        Assert.Equal("hello"u8, buffer);
    }

    [Fact]
    public void Each_export_has_an_overlay_of_its_own()
    {
        using var chain = ChainHarness.Start(new FakePlugin(), [new CowFilter()]);
        Assert.Equal(Errno.Ok, chain.Connect(out OpenedLayers? one, "one"));
        Assert.Equal(Errno.Ok, chain.Connect(out OpenedLayers? two, "two"));
        Assert.Equal(Errno.Ok, one!.Next.Write("1"u8, 0, RequestFlags.None));
        Assert.Equal(Errno.Ok, two!.Next.Write("2"u8, 1, RequestFlags.None));
        byte[] buffer = new byte[2];
        Assert.Equal(Errno.Ok, one.Next.Read(buffer, 0));
        Assert.Equal("1\0"u8, buffer);
        Assert.Equal(Errno.Ok, two.Next.Read(buffer, 0));
        Assert.Equal("\0"u8.ToArray().Append((byte)'2'), buffer);
    }

    [Fact]
    public void A_part_of_a_block_is_copied_once_and_read_from_the_overlay_then()
    {
        using ChainHarness chain = Open(out Journal journal);
        Assert.Equal(Errno.Ok, chain.Next.Write(new byte[100], Block + 50, RequestFlags.None));
        Assert.Equal([$"plugin: read 50 {Block}", $"plugin: read {Block - 150} {Block + 150}"], journal.Take());
        Assert.Equal(Errno.Ok, chain.Next.Write(new byte[100], Block + 5000, RequestFlags.Fua));
        chain.ReadBytes(Block, Block);
        Assert.Empty(journal.Take());
    }

    [Fact]
    public void Whole_blocks_are_written_without_reading_below()
    {
        using ChainHarness chain = Open(out Journal journal);
        Assert.Equal(Errno.Ok, chain.Next.Write(new byte[2 * Block], Block, RequestFlags.None));
        Assert.Equal(Errno.Ok, chain.Next.Write(new byte[777], 10 * Block, RequestFlags.None));
        Assert.Equal(Errno.Ok, chain.Next.Zero(3 * Block, 3 * Block, RequestFlags.MayTrim));
        Assert.Equal(Errno.Ok, chain.Next.Flush());
        Assert.Empty(journal.Take());
    }

    [Fact]
    public void Extents_show_holes_data_and_what_is_below()
    {
        using var chain = ChainHarness.Open(new FakePlugin { Disk = new byte[Size] }, [new CowFilter()]);
        Assert.Equal(Errno.Ok, chain.Next.Write(new byte[1], 2 * Block, RequestFlags.None));
        Assert.Equal(Errno.Ok, chain.Next.Write(new byte[Block], 3 * Block, RequestFlags.None));
        Assert.Equal(Errno.Ok, chain.Next.Trim(Block + 777, 9 * Block, RequestFlags.None));
        Assert.Equal(Errno.Ok, chain.Next.Zero(Block, 5 * Block, RequestFlags.None));
        Assert.Equal(
            [
                new Extent(100, (2 * Block) - 100, ExtentType.HoleZero),
                new Extent(2 * Block, 2 * Block, ExtentType.Data),
                new Extent(4 * Block, Block, ExtentType.HoleZero),
                new Extent(5 * Block, Block, ExtentType.Data),
                new Extent(6 * Block, (4 * Block) + 777, ExtentType.HoleZero),
            ],
            chain.Extents(100, Size - 100));
        Assert.Equal(
            new Extent(3 * Block, Block, ExtentType.Data), chain.Extents(3 * Block, 4 * Block, RequestFlags.ReqOne)[0]);
    }

    [Fact]
    public void Over_a_plugin_without_extents_untouched_blocks_are_data()
    {
        using var chain = ChainHarness.Open(new FakePlugin(Operations.Read), [new CowFilter()]);
        Assert.Equal(Errno.Ok, chain.Next.Trim(Block, Block, RequestFlags.None));
        Assert.Equal(
            [
                new Extent(0, Block, ExtentType.Data),
                new Extent(Block, Block, ExtentType.HoleZero),
                new Extent(2 * Block, Block, ExtentType.Data),
            ],
            chain.Extents(0, 3 * Block));
    }

    [Fact]
    public void A_trim_zeroes_whole_blocks_only()
    {
        using ChainHarness chain = Open(out _);
        Assert.Equal(Errno.Ok, chain.Next.Trim(2 * Block, Block - 1, RequestFlags.None));
        byte[] expected = Base();
        expected.AsSpan(Block, Block).Clear();
        Assert.Equal(expected, chain.ReadBytes(0, Size));
    }

    [Theory]
    [InlineData(RequestFlags.FastZero, Errno.ENOTSUP)]
    [InlineData(RequestFlags.FastZero | RequestFlags.MayTrim, Errno.Ok)]
    public void A_fast_zero_may_not_have_to_write(RequestFlags flags, Errno expected)
    {
        using ChainHarness chain = Open(out _);
        Assert.Equal(expected, chain.Next.Zero(Block, Block, flags));
    }

    [Theory]
    [InlineData("false", false)]
    [InlineData("true", true)]
    public void Cow_on_read_keeps_what_was_read(string value, bool isKept)
    {
        using ChainHarness chain = Open(out Journal journal, ("cow-on-read", value));
        Assert.Equal(Base()[100..200], chain.ReadBytes(100, 100));
        journal.Take();
        Assert.Equal(Base()[200..300], chain.ReadBytes(200, 100));
        Assert.Equal(isKept ? 0 : 1, journal.Take().Count);
    }

    [Fact]
    public void Cow_on_read_with_a_path_keeps_while_the_file_exists()
    {
        using var folder = new TempFolder();
        string trigger = folder.File("keep");
        using var chain = ChainHarness.Open(
            new FakePlugin { Disk = new byte[Size] }, [new CowFilter()], ("cow-on-read", trigger));
        chain.ReadBytes(0, 10);
        Assert.Equal(ExtentType.HoleZero, chain.Extents(0, Block)[0].Type);
        File.WriteAllText(trigger, "");
        chain.ReadBytes(0, 10);
        Assert.Equal(ExtentType.Data, chain.Extents(0, Block)[0].Type);
        File.Delete(trigger);
        chain.ReadBytes(Block, 10);
        Assert.Equal(ExtentType.HoleZero, chain.Extents(Block, Block)[0].Type);
    }

    [Fact]
    public void Cow_on_cache_copies_what_is_cached()
    {
        using ChainHarness chain = Open(out Journal journal, ("cow-on-cache", "true"));
        Assert.Equal(Errno.Ok, chain.Next.Write(new byte[Block], Block, RequestFlags.None));
        Assert.Equal(Errno.Ok, chain.Next.Cache((ulong)Size - 10, 10));
        Assert.Empty(journal.With("cache"));
        journal.Take();
        byte[] expected = Base();
        expected.AsSpan(Block, Block).Clear();
        Assert.Equal(expected, chain.ReadBytes(0, Size));
        Assert.Empty(journal.Take());
    }

    [Fact]
    public void Without_cow_on_cache_requests_go_below_for_what_is_there()
    {
        using ChainHarness chain = Open(out Journal journal);
        Assert.Equal(Errno.Ok, chain.Next.Write(new byte[Block], Block, RequestFlags.None));
        Assert.Equal(Errno.Ok, chain.Next.Cache(3 * Block, 10));
        Assert.Equal([$"plugin: cache {Block - 10} 10", $"plugin: cache {Block + 10} {2 * Block}"], journal.Take());
    }

    [Fact]
    public void An_error_below_is_the_answer_and_changes_nothing()
    {
        bool isBroken = false;
        var plugin = new FakePlugin
        {
            Disk = Base(),
            Calling = callback => isBroken && callback == "read" ? Errno.EIO : Errno.Ok,
        };
        using var chain = ChainHarness.Open(plugin, [new CowFilter()]);
        isBroken = true;
        Assert.Equal(Errno.EIO, chain.Next.Write(new byte[10], 10, RequestFlags.None));
        Assert.Equal(Errno.EIO, chain.Next.Read(new byte[10], 10));
        isBroken = false;
        Assert.Equal(Base(), chain.ReadBytes(0, Size));
    }

    [Fact]
    public void A_copy_is_read_in_requests_that_the_layer_below_takes()
    {
        var journal = new Journal();
        var plugin = new FakePlugin(journal: journal)
        {
            Describing = (ref ExportInfo info) =>
            {
                info.BlockMinimum = 512;
                info.BlockPreferred = 4096;
                info.BlockMaximum = 8192;
            },
        };
        using var chain = ChainHarness.Open(plugin, [new CowFilter()]);
        Assert.Equal(512u, chain.Info.BlockMinimum);
        journal.Take();
        chain.ReadBytes(0, 20 * 1024);
        Assert.Equal(["plugin: read 8192 0", "plugin: read 8192 8192", "plugin: read 4096 16384"], journal.Take());
    }

    [Fact]
    public void Lending_tells_of_holes_file_and_what_is_below()
    {
        var plugin = new LendingPlugin(1 << 20);
        using var chain = ChainHarness.Open(plugin, [new CowFilter()]);
        Assert.Equal(Errno.Ok, chain.Next.Write(new byte[Block], Block, RequestFlags.None));
        Assert.Equal(Errno.Ok, chain.Next.Trim(Block, 2 * Block, RequestFlags.None));
        Assert.Equal(Loan.OfHole(Block - 100), chain.Next.Lend(2 * Block, 100, wantHoles: true));
        Assert.Equal(100u, plugin.LastOffset);
        Loan stored = chain.Next.Lend(2 * Block, Block + 5, wantHoles: true);
        Assert.Equal((LoanKind.File, Block - 5u), (stored.Kind, stored.Length));
        Assert.Equal(Block + 5u, stored.FileOffset);
        Assert.Equal(Loan.OfHole(Block), chain.Next.Lend(2 * Block, 2 * Block, wantHoles: false));
        Assert.Equal(100u, plugin.LastOffset);
    }

    [Fact]
    public void While_reads_are_kept_untouched_blocks_are_not_lent()
    {
        using var chain = ChainHarness.Open(new LendingPlugin(1 << 20), [new CowFilter()], ("cow-on-read", "true"));
        Assert.Equal(Loan.None, chain.Next.Lend(512, 0, wantHoles: true));
    }

    [Fact]
    public void Ranges_over_4_GiB_are_zeroed_and_trimmed()
    {
        const ulong TiB = 1UL << 40;
        using var chain = ChainHarness.Open(new LendingPlugin(4 * TiB), [new CowFilter()]);
        Assert.Equal(Errno.Ok, chain.Next.Write("x"u8, 6UL << 30, RequestFlags.None));
        Assert.Equal(Errno.Ok, chain.Next.Write("y"u8, (6UL << 30) + (1 << 20), RequestFlags.None));
        Assert.Equal("x"u8, chain.ReadBytes(6UL << 30, 1));
        Assert.Equal(Errno.Ok, chain.Next.Zero(2 * TiB, 1, RequestFlags.MayTrim));
        Assert.Equal("\0"u8, chain.ReadBytes(6UL << 30, 1));
        Assert.Equal(Errno.Ok, chain.Next.Trim(2 * TiB, TiB, RequestFlags.None));
        Assert.Equal(
            [new Extent(Block, (3 * TiB) - Block, ExtentType.HoleZero)], chain.Extents(Block, (3 * TiB) - Block));
    }

    [Fact]
    public void An_export_that_changed_its_size_is_refused()
    {
        ulong size = 1 << 20;
        var plugin = new FakePlugin { Describing = (ref ExportInfo info) => info.Size = size };
        using var chain = ChainHarness.Start(plugin, [new CowFilter()]);
        Assert.Equal(Errno.Ok, chain.Connect(out _));
        size = 1 << 19;
        Assert.Equal(Errno.EIO, chain.Connect(out _));
        Assert.Equal(Errno.Ok, chain.Connect(out _, "another"));
    }

    [Fact]
    public void An_empty_export_can_be_opened()
    {
        using var chain = ChainHarness.Open(new FakePlugin { Disk = [] }, [new CowFilter()]);
        Assert.Equal(0u, chain.Info.Size);
    }

    [Fact]
    public void A_copy_over_a_copy_works()
    {
        using var chain = ChainHarness.Open(
            new FakePlugin { Disk = Base() }, [new CowFilter(), new CowFilter()], ("cow-on-read", "true"));
        Assert.Equal(Errno.Ok, chain.Next.Write("x"u8, Block + 1, RequestFlags.None));
        byte[] expected = Base();
        expected[Block + 1] = (byte)'x';
        Assert.Equal(expected, chain.ReadBytes(0, Size));
    }

    [Theory]
    [InlineData("2K")]
    [InlineData("5000")]
    [InlineData("0")]
    [InlineData("4G")]
    [InlineData("4E")]
    public void A_block_size_out_of_range_is_refused(string size)
    {
        var refused = Assert.Throws<ConfigException>(
            () => ChainHarness.Start(new FakePlugin(), [new CowFilter()], ("cow-block-size", size)));
        Assert.Equal("cow-block-size is out of range (4096..2G) or not a power of 2", refused.Message);
    }

    [Theory]
    [InlineData("2G")]
    [InlineData("4K")]
    public void The_limits_of_the_block_size_are_taken(string size)
    {
        using ChainHarness chain = Open(out _, ("cow-block-size", size));
        Assert.Equal(Errno.Ok, chain.Next.Write("x"u8, 70_000, RequestFlags.None));
        byte[] expected = Base();
        expected[70_000] = (byte)'x';
        Assert.Equal(expected, chain.ReadBytes(0, Size));
        Assert.Equal(size == "2G" ? 32u << 20 : 4096, chain.Info.BlockPreferred);
    }

    [Theory]
    [InlineData("cow-on-read", "relative/path")]
    [InlineData("cow-on-cache", "/path")]
    public void A_value_that_means_nothing_is_refused(string key, string value) => Assert.Throws<ConfigException>(
        () => ChainHarness.Start(new FakePlugin(), [new CowFilter()], (key, value)));

    [Fact]
    public void Requests_allocate_nothing()
    {
        using ChainHarness chain = SevenRequests.Open(new CowFilter());
        Assert.Equal(0, new SevenRequests(chain).Allocate());
    }

    private static ChainHarness Open(out Journal journal, params (string, string)[] parameters)
    {
        journal = new Journal();
        var chain = ChainHarness.Open(
            new FakePlugin(journal: journal) { Disk = Base() }, [new CowFilter()], parameters);
        journal.Take();
        return chain;
    }

    private static void Send(ChainNext next, byte[] model, Seed seed)
    {
        int offset = seed.Random.Next(Size);
        int count = seed.Random.Next(1, Math.Min(3 * Block, Size - offset) + 1);
        Span<byte> part = model.AsSpan(offset, count);
        switch (seed.Random.Next(5))
        {
            case 0:
                byte[] data = new byte[count];
                seed.Random.NextBytes(data);
                Assert.Equal(Errno.Ok, next.Write(data, (ulong)offset, RequestFlags.Fua));
                data.CopyTo(part);
                break;
            case 1:
                Assert.Equal(Errno.Ok, next.Zero((ulong)count, (ulong)offset, RequestFlags.MayTrim));
                part.Clear();
                break;
            case 2:
                Assert.Equal(Errno.Ok, next.Zero((ulong)count, (ulong)offset, RequestFlags.None));
                part.Clear();
                break;
            case 3:
                // What a trim leaves is the filter's choice; only what is outside of the range is not.
                Assert.Equal(Errno.Ok, next.Trim((ulong)count, (ulong)offset, RequestFlags.None));
                Assert.Equal(Errno.Ok, next.Read(part, (ulong)offset));
                break;
            default:
                byte[] read = new byte[count];
                Assert.Equal(Errno.Ok, next.Read(read, (ulong)offset));
                Assert.True(part.SequenceEqual(read), seed.ToString());
                break;
        }
    }
}
