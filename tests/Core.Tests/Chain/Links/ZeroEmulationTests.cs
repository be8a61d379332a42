// Zero requests where a layer cannot zero. Not: a plugin that declines now and then (ZeroFallbackTests).

using System;
using System.Linq;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Chain.Links;

public sealed class ZeroEmulationTests
{
    private const Operations Simple = Operations.Read | Operations.Write | Operations.Flush;

    private readonly Journal _journal = new();

    [Fact]
    public void Zeroes_are_written()
    {
        FakePlugin plugin = Filled(Simple);
        using var chain = ChainHarness.Open(plugin);
        Assert.Equal(Errno.Ok, chain.Next.Zero(1000, 24, RequestFlags.MayTrim));
        Assert.Equal(["plugin: write 1000 24 None"], _journal.With("write"));
        Assert.Equal(1000, plugin.Disk.Count(b => b == 0));
        Assert.All(plugin.Disk[24..1024], b => Assert.Equal(0, b));
    }

    [Fact]
    public void A_large_range_is_written_in_aligned_pieces()
    {
        using var chain = ChainHarness.Open(Filled(Simple, 3 << 20));
        Assert.Equal(Errno.Ok, chain.Next.Zero(5 << 19, 4096, RequestFlags.None));
        Assert.Equal(
            [
                "plugin: write 1044480 4096 None", "plugin: write 1048576 1048576 None",
                "plugin: write 528384 2097152 None",
            ],
            _journal.With("write"));
    }

    [Fact]
    public void Pieces_are_no_larger_than_the_layer_takes()
    {
        FakePlugin plugin = Filled(Simple, describing: (ref ExportInfo info) =>
            (info.BlockMinimum, info.BlockPreferred, info.BlockMaximum) = (512, 512, 1536));
        using var chain = ChainHarness.Open(plugin);
        Assert.Equal(Errno.Ok, chain.Next.Zero(2048, 512, RequestFlags.None));
        Assert.Equal(["plugin: write 1024 512 None", "plugin: write 1024 1536 None"], _journal.With("write"));
    }

    [Fact]
    public void A_fast_zero_is_refused_for_it_would_not_be_fast()
    {
        using var chain = ChainHarness.Open(Filled(Simple));
        Assert.True(chain.Info.CanFastZero);
        Assert.Equal(Errno.ENOTSUP, chain.Next.Zero(512, 0, RequestFlags.FastZero));
        Assert.Empty(_journal.With("write"));
    }

    [Fact]
    public void Native_FUA_goes_with_every_piece()
    {
        using var chain = ChainHarness.Open(
            Filled(Simple, 2 << 20, (ref ExportInfo info) => info.Fua = FuaSupport.Native));
        Assert.Equal(Errno.Ok, chain.Next.Zero(2 << 20, 0, RequestFlags.Fua));
        Assert.Equal(["plugin: write 1048576 0 Fua", "plugin: write 1048576 1048576 Fua"], _journal.With("write"));
    }

    [Fact]
    public void Emulated_FUA_flushes_once_after_the_last_piece()
    {
        using var chain = ChainHarness.Open(Filled(Simple, 2 << 20));
        _journal.Take();
        Assert.Equal(Errno.Ok, chain.Next.Zero(2 << 20, 0, RequestFlags.Fua));
        Assert.Equal(
            ["plugin: write 1048576 0 None", "plugin: write 1048576 1048576 None", "plugin: flush"], _journal.Take());
    }

    [Fact]
    public void An_error_ends_it()
    {
        FakePlugin plugin = Filled(Simple, 3 << 20);
        using var chain = ChainHarness.Open(plugin);
        plugin.Calling = name => name == "write" ? Errno.ENOSPC : Errno.Ok;
        Assert.Equal(Errno.ENOSPC, chain.Next.Zero(3 << 20, 0, RequestFlags.None));
        Assert.Single(_journal.With("write"));
    }

    [Fact]
    public void A_filter_that_wants_emulation_gets_writes_and_no_zero_requests()
    {
        var filter = new FakeFilter("f", journal: _journal)
        {
            Describing = (ref ExportInfo info) => info.Zero = ZeroSupport.Emulate,
        };
        using var chain = ChainHarness.Open(new FakePlugin(), [filter]);
        Assert.Equal(Errno.Ok, chain.Next.Zero(512, 0, RequestFlags.None));
        Assert.Equal(["f: write 512 0 None"], _journal.With("f: write"));
        Assert.Empty(_journal.With("zero"));
    }

    [Fact]
    public void A_filter_over_emulation_gets_the_writes()
    {
        using var chain = ChainHarness.Open(
            Filled(Simple), [new FakeFilter("f", Operations.Write, _journal)]);
        Assert.Equal(Errno.Ok, chain.Next.Zero(512, 0, RequestFlags.None));
        Assert.Equal(["f: write 512 0 None", "plugin: write 512 0 None"], _journal.With("write"));
    }

    [Fact]
    public async System.Threading.Tasks.Task The_async_twin_does_the_same()
    {
        FakePlugin plugin = Filled(Simple, 2 << 20);
        using var chain = ChainHarness.Open(plugin);
        Assert.Equal(Errno.Ok, await chain.Next.ZeroAsync((2 << 20) - 1, 1, RequestFlags.Fua));
        Assert.Equal(1, plugin.Disk.Count(b => b != 0));
        Assert.Single(_journal.With("flush"));
        Assert.Equal(Errno.ENOTSUP, await chain.Next.ZeroAsync(1, 0, RequestFlags.FastZero));
    }

    private FakePlugin Filled(Operations operations, int size = 1 << 20, Description? describing = null)
    {
        byte[] disk = new byte[size];
        Array.Fill(disk, (byte)0xaa);
        return new FakePlugin(operations, _journal) { Disk = disk, Describing = describing };
    }
}
