// The offset filter against its page. Not: sizes as text (Values).

using System;
using NbdFast.Testing;

namespace NbdFast.Filters.Tests;

public sealed class OffsetFilterTests
{
    private static byte[] Numbered(int length)
    {
        byte[] bytes = new byte[length];
        new Random(7).NextBytes(bytes);
        return bytes;
    }

    [Fact]
    public void Without_parameters_the_whole_disk_is_served()
    {
        byte[] disk = Numbered(3001);
        using var chain = ChainHarness.Open(new FakePlugin { Disk = disk }, [new OffsetFilter()]);
        Assert.Equal(3001u, chain.Info.Size);
        Assert.Equal(disk, chain.ReadBytes(0, 3001));
    }

    [Fact]
    public void Without_range_it_goes_to_the_end()
    {
        byte[] disk = Numbered(3001);
        using var chain = ChainHarness.Open(new FakePlugin { Disk = disk }, [new OffsetFilter()], ("offset", "1001"));
        Assert.Equal(2000u, chain.Info.Size);
        Assert.Equal(disk[1001..], chain.ReadBytes(0, 2000));
    }

    [Fact]
    public void Reads_and_writes_at_odd_places_match_a_model()
    {
        byte[] disk = Numbered(100_000);
        byte[] model = disk[777..50_778];
        using var chain = ChainHarness.Open(
            new FakePlugin { Disk = disk }, [new OffsetFilter()], ("offset", "777"), ("range", "50001"));
        Assert.Equal(50_001u, chain.Info.Size);
        var random = new Random(3);
        for (int round = 0; round < 500; round++)
        {
            int offset = random.Next(model.Length);
            byte[] data = new byte[random.Next(1, Math.Min(5000, model.Length - offset) + 1)];
            random.NextBytes(data);
            Assert.Equal(Errno.Ok, chain.Next.Write(data, (ulong)offset, RequestFlags.None));
            data.CopyTo(model, offset);
        }

        Assert.Equal(model, chain.ReadBytes(0, model.Length));
        Assert.Equal(Numbered(100_000)[..777], disk[..777]);
        Assert.Equal(Numbered(100_000)[50_778..], disk[50_778..]);
    }

    [Fact]
    public void Each_operation_has_its_position_moved_and_nothing_else_changed()
    {
        var journal = new Journal();
        var plugin = new FakePlugin(journal: journal)
        {
            Describing = (ref ExportInfo info) =>
            {
                info.Fua = FuaSupport.Native;
                info.CanFastZero = true;
            },
        };
        using var chain = ChainHarness.Open(plugin, [new OffsetFilter()], ("offset", "1000"));
        journal.Take();
        chain.ReadBytes(5, 10);
        Assert.Equal(Errno.Ok, chain.Next.Write(new byte[20], 6, RequestFlags.Fua));
        Assert.Equal(Errno.Ok, chain.Next.Trim(30, 7, RequestFlags.Fua));
        Assert.Equal(Errno.Ok, chain.Next.Zero(40, 8, RequestFlags.MayTrim | RequestFlags.FastZero));
        Assert.Equal(Errno.Ok, chain.Next.Cache(50, 9));
        Assert.Equal(Errno.Ok, chain.Next.Flush());
        Assert.Equal([new Extent(11, 60, ExtentType.HoleZero)], chain.Extents(11, 60, RequestFlags.ReqOne));
        Assert.Equal(
            [
                "plugin: read 10 1005", "plugin: write 20 1006 Fua", "plugin: trim 30 1007 Fua",
                "plugin: zero 40 1008 MayTrim, FastZero", "plugin: cache 50 1009", "plugin: flush",
                "plugin: extents 60 1011 ReqOne",
            ],
            journal.Lines);
    }

    [Fact]
    public void Counts_over_4_GiB_pass()
    {
        var plugin = new LendingPlugin(1UL << 62);
        using var chain = ChainHarness.Open(plugin, [new OffsetFilter()], ("offset", "1P"), ("range", "1E"));
        Assert.Equal(Errno.Ok, chain.Next.Zero(1UL << 59, 1UL << 58, RequestFlags.MayTrim));
        Assert.Equal((1UL << 50) + (1UL << 58), plugin.LastOffset);
        Assert.Equal(Errno.Ok, chain.Next.Trim(1UL << 60, 0, RequestFlags.None));
        Assert.Equal(1UL << 50, plugin.LastOffset);
    }

    [Fact]
    public void What_a_plugin_lends_passes_at_the_moved_position()
    {
        var plugin = new LendingPlugin(1 << 20);
        using var chain = ChainHarness.Open(plugin, [new OffsetFilter()], ("offset", "4096"));
        Assert.Equal(Loan.OfHole(512), chain.Next.Lend(512, 100, wantHoles: true));
        Assert.Equal(4196u, plugin.LastOffset);
    }

    [Fact]
    public void Extents_behind_the_window_are_cut_off()
    {
        using var chain = ChainHarness.Open(
            new LendingPlugin(1 << 20),
            [new OffsetFilter()],
            ("offset", "1000"), ("range", "5000"));
        Assert.Equal([new Extent(100, 4900, ExtentType.HoleZero)], chain.Extents(100, 10));
    }

    [Theory]
    [InlineData("1M", null, "open: EINVAL: offset (1048576) is larger than the real size (1000)")]
    [InlineData("1001", "0", "open: EINVAL: offset (1001) is larger than the real size (1000)")]
    [InlineData("1", "1000", "open: EINVAL: offset+range (1+1000) is larger than the real size (1000)")]
    [InlineData("1", "9223372036854775807", "open: EINVAL: offset+range (1+9223372036854775807) is larger")]
    [InlineData(
        "9223372036854775807", "9223372036854775807",
        "open: EINVAL: offset (9223372036854775807) is larger than the real size (1000)")]
    public void A_window_over_the_end_is_refused(string offset, string? range, string message)
    {
        (string, string)[] parameters = range == null
            ? [("offset", offset)]
            : [("offset", offset), ("range", range)];
        var refused = Assert.Throws<InvalidOperationException>(
            () => ChainHarness.Open(new FakePlugin { Disk = new byte[1000] }, [new OffsetFilter()], parameters));
        Assert.StartsWith(message, refused.Message, StringComparison.Ordinal);
        Assert.EndsWith(" of the underlying file or device", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1000", null, 0)]
    [InlineData("0", "0", 0)]
    [InlineData("1", "999", 999)]
    public void A_window_up_to_the_end_is_served(string offset, string? range, int size)
    {
        (string, string)[] parameters = range == null
            ? [("offset", offset)]
            : [("offset", offset), ("range", range)];
        using var chain = ChainHarness.Open(
            new FakePlugin { Disk = new byte[1000] }, [new OffsetFilter()], parameters);
        Assert.Equal((ulong)size, chain.Info.Size);
    }

    [Theory]
    [InlineData("offset")]
    [InlineData("range")]
    public void A_negative_number_is_refused(string key) => Assert.Throws<ConfigException>(
        () => ChainHarness.Start(new FakePlugin(), [new OffsetFilter()], (key, "-1")));

    [Fact]
    public void Requests_allocate_nothing()
    {
        using ChainHarness chain = SevenRequests.Open(new OffsetFilter(), ("offset", "512"));
        Assert.Equal(0, new SevenRequests(chain).Allocate());
    }
}
