// The null plugin. Not: the zero plugin, which has no bytes at all.

using System;
using NbdFast.Chain;
using NbdFast.Plugins.Null;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class NullPluginTests
{
    [Fact]
    public void Clients_may_do_everything()
    {
        using ChainHarness chain = ChainHarness.Open(new NullPlugin(), ("size", "1M"));
        Assert.True(chain.Info is
        {
            Size: 1UL << 20, CanWrite: true, CanFlush: true, CanTrim: true, CanExtents: true, CanFastZero: true,
            MultiConn: true, Zero: ZeroSupport.Native, Fua: FuaSupport.Native, Cache: CacheSupport.Native,
        });
        Assert.Equal(ExecutionPlan.Inline, chain.Plan);
    }

    [Fact]
    public void What_is_written_reads_back_as_zeroes()
    {
        using ChainHarness chain = ChainHarness.Open(new NullPlugin(), ("size", "1M"));
        Assert.Equal(Errno.Ok, chain.Next.Write([1, 2, 3], 1000, RequestFlags.Fua));
        Assert.Equal(Errno.Ok, chain.Next.Flush());
        Assert.Equal(Errno.Ok, chain.Next.Trim(512, 0, RequestFlags.None));
        Assert.Equal(Errno.Ok, chain.Next.Zero(512, 0, RequestFlags.FastZero));
        byte[] seen = new byte[5000];
        seen.AsSpan().Fill(1);
        Assert.Equal(Errno.Ok, chain.Next.Read(seen, 0));
        Assert.Equal(new byte[5000], seen);
    }

    [Fact]
    public void The_disk_is_one_hole_that_is_lent_as_such()
    {
        using ChainHarness chain = ChainHarness.Open(new NullPlugin(), ("size", "9223372036854775807"));
        Assert.Equal([new Extent(7, 1UL << 62, ExtentType.HoleZero)], chain.Extents(7, 1UL << 62));
        Assert.Equal(Loan.OfHole(1 << 20), chain.Next.Lend(1 << 20, 1UL << 61, wantHoles: true));
    }

    [Fact]
    public void Without_a_size_the_disk_is_empty()
    {
        using ChainHarness chain = ChainHarness.Open(new NullPlugin());
        Assert.Equal(0UL, chain.Info.Size);
        Assert.Equal("size", new NullPlugin().Table.MagicKey);
    }
}
