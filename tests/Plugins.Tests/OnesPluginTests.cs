// The ones plugin. Not: patterns of several bytes.

using System;
using System.Runtime.InteropServices;
using NbdFast.Chain;
using NbdFast.Plugins.Ones;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class OnesPluginTests
{
    [Fact]
    public void Clients_may_do_everything_and_everything_counts_as_data()
    {
        using ChainHarness chain = ChainHarness.Open(new OnesPlugin(), ("size", "1M"));
        Assert.True(chain.Info is
        {
            Size: 1UL << 20, CanWrite: true, CanFlush: true, CanTrim: true, CanFastZero: true, MultiConn: true,
            Zero: ZeroSupport.Native, Fua: FuaSupport.Native, Cache: CacheSupport.Native,
        });
        Assert.Equal([new Extent(0, 1 << 20, ExtentType.Data)], chain.Extents(0, 1 << 20));
        Assert.Equal(ExecutionPlan.Inline, chain.Plan);
    }

    [Theory]
    [InlineData(null, 0xff)]
    [InlineData("0x55", 0x55)]
    [InlineData("0", 0)]
    [InlineData("255", 255)]
    public void Every_byte_is_the_one_that_was_chosen_whatever_is_written(string? value, byte expected)
    {
        using ChainHarness chain = value == null
            ? ChainHarness.Open(new OnesPlugin(), ("size", "1M"))
            : ChainHarness.Open(new OnesPlugin(), ("size", "1M"), ("byte", value));
        Assert.Equal(Errno.Ok, chain.Next.Write([1, 2, 3], 1000, RequestFlags.None));
        Assert.Equal(Errno.Ok, chain.Next.Zero(512, 0, RequestFlags.FastZero));
        Assert.Equal(Errno.Ok, chain.Next.Trim(512, 0, RequestFlags.None));
        Assert.Equal(Errno.Ok, chain.Next.Flush());
        Assert.False(chain.ReadBytes(0, 5000).AsSpan().ContainsAnyExcept(expected));

        Loan loan = chain.Next.Lend(1 << 20, 0, wantHoles: true);
        Assert.Equal((LoanKind.Memory, 65_536u), (loan.Kind, loan.Length));
        Assert.Equal(1000u, chain.Next.Lend(1000, 5, wantHoles: false).Length);
        byte[] lent = new byte[loan.Length];
        Marshal.Copy(loan.Address, lent, 0, lent.Length);
        Assert.False(lent.AsSpan().ContainsAnyExcept(expected));
    }

    [Theory]
    [InlineData("256")]
    [InlineData("-1")]
    [InlineData("0x")]
    [InlineData("")]
    public void A_byte_that_is_none_is_refused(string value)
    {
        ConfigException error =
            Assert.Throws<ConfigException>(() => ChainHarness.Open(new OnesPlugin(), ("byte", value)));
        Assert.StartsWith("byte: ", error.Message);
    }

    [Fact]
    public void Without_a_size_the_disk_is_empty()
    {
        using ChainHarness chain = ChainHarness.Open(new OnesPlugin());
        Assert.Equal(0UL, chain.Info.Size);
        Assert.Equal("size", new OnesPlugin().Table.MagicKey);
    }
}
