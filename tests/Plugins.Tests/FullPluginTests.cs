// The full plugin. Not: errors at chosen moments (the error filter).

using System;
using NbdFast.Chain;
using NbdFast.Plugins.Full;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class FullPluginTests
{
    [Fact]
    public void Clients_may_try_to_write_but_not_to_flush()
    {
        using ChainHarness chain = Open();
        Assert.True(chain.Info is
        {
            Size: 1UL << 20, CanWrite: true, CanFlush: false, CanTrim: true, CanExtents: true, CanFastZero: true,
            MultiConn: true, Zero: ZeroSupport.Emulate, Fua: FuaSupport.None, Cache: CacheSupport.Native,
        });
        Assert.Equal(ExecutionPlan.Inline, chain.Plan);
    }

    [Fact]
    public void Reads_are_zeroes_and_all_changes_fail_for_want_of_space()
    {
        using ChainHarness chain = Open();
        byte[] seen = new byte[5000];
        seen.AsSpan().Fill(1);
        Assert.Equal(Errno.Ok, chain.Next.Read(seen, 0));
        Assert.Equal(new byte[5000], seen);
        Assert.Equal(Errno.ENOSPC, chain.Next.Write([1], 0, RequestFlags.None));
        Assert.Equal(Errno.ENOSPC, chain.Next.Trim(512, 0, RequestFlags.None));
        Assert.Equal(Errno.ENOSPC, chain.Next.Zero(512, 0, RequestFlags.MayTrim));
        Assert.Equal(Errno.ENOTSUP, chain.Next.Zero(512, 0, RequestFlags.FastZero));
        Assert.Equal(Errno.Ok, chain.Next.Cache(512, 0));
    }

    [Fact]
    public void The_disk_is_one_hole_that_is_lent_as_such()
    {
        using ChainHarness chain = Open();
        Assert.Equal([new Extent(0, 1 << 20, ExtentType.HoleZero)], chain.Extents(0, 1 << 20));
        Assert.Equal(Loan.OfHole(512), chain.Next.Lend(512, 512, wantHoles: true));
    }

    [Fact]
    public void The_size_is_required()
    {
        ConfigException error = Assert.Throws<ConfigException>(() => ChainHarness.Open(new FullPlugin()));
        Assert.Equal("you must specify size=<SIZE> on the command line", error.Message);
        Assert.Equal("size", new FullPlugin().Table.MagicKey);
    }

    private static ChainHarness Open() => ChainHarness.Open(new FullPlugin(), ("size", "1M"));
}
