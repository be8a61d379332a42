// A plugin's own Zero, and what happens where it declines. Not: plugins without it (ZeroEmulationTests).

using System.Threading.Tasks;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Chain.Links;

public sealed class ZeroFallbackTests
{
    private readonly Journal _journal = new();

    [Fact]
    public void What_the_plugin_zeroes_is_not_written()
    {
        using var chain = Open(Errno.Ok);
        Assert.Equal(Errno.Ok, chain.Next.Zero(512, 0, RequestFlags.MayTrim));
        Assert.Equal(["plugin: zero 512 0 MayTrim"], _journal.With("zero"));
        Assert.Empty(_journal.With("write"));
    }

    [Fact]
    public void What_the_plugin_declines_is_written()
    {
        using var chain = Open(Errno.ENOTSUP);
        Assert.Equal(Errno.Ok, chain.Next.Zero(512, 0, RequestFlags.None));
        Assert.Equal(["plugin: write 512 0 None"], _journal.With("write"));
    }

    [Fact]
    public void A_fast_zero_that_the_plugin_declines_fails()
    {
        using var chain = Open(Errno.ENOTSUP);
        Assert.Equal(Errno.ENOTSUP, chain.Next.Zero(512, 0, RequestFlags.FastZero));
        Assert.Empty(_journal.With("write"));
    }

    [Fact]
    public void Another_error_is_the_answer()
    {
        using var chain = Open(Errno.EIO);
        Assert.Equal(Errno.EIO, chain.Next.Zero(512, 0, RequestFlags.None));
        Assert.Empty(_journal.With("write"));
    }

    [Theory]
    [InlineData(Errno.Ok)]
    [InlineData(Errno.ENOTSUP)]
    public void Emulated_FUA_is_one_flush_either_way(Errno answer)
    {
        using var chain = Open(answer);
        Assert.Equal(Errno.Ok, chain.Next.Zero(512, 0, RequestFlags.Fua));
        Assert.Single(_journal.With("flush"));
        Assert.Empty(_journal.With("Fua"));
    }

    [Theory]
    [InlineData(Errno.Ok, RequestFlags.None, Errno.Ok)]
    [InlineData(Errno.ENOTSUP, RequestFlags.None, Errno.Ok)]
    [InlineData(Errno.ENOTSUP, RequestFlags.FastZero, Errno.ENOTSUP)]
    public async Task The_async_twin_does_the_same(Errno answer, RequestFlags flags, Errno expected)
    {
        using var chain = Open(answer);
        Assert.Equal(expected, await chain.Next.ZeroAsync(512, 0, flags));
    }

    private ChainHarness Open(Errno zeroAnswer) => ChainHarness.Open(new FakePlugin(Operations.All, _journal)
    {
        Calling = name => name == "zero" ? zeroAnswer : Errno.Ok,
        Describing = (ref ExportInfo info) => info.CanFastZero = true,
    });
}
