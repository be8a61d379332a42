// The assertions that tests run under. Not: checks of clients' requests.

using System;
using NbdFast.Chain;
using NbdFast.Chain.Links;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Chain.Links;

public sealed class CheckedTests
{
    [Fact]
    public void A_request_over_the_end_is_a_fault()
    {
        using var chain = ChainHarness.Open(new FakePlugin { Disk = new byte[512] });
        Fails(() => chain.Next.Read(new byte[2], 511));
        Fails(() => chain.Next.Read(new byte[1], ulong.MaxValue));
        Fails(() => chain.Next.Trim(ulong.MaxValue, 2, RequestFlags.None));
        Assert.Equal(Errno.Ok, chain.Next.Read(new byte[1], 511));
    }

    [Fact]
    public void An_empty_request_is_a_fault()
    {
        using var chain = ChainHarness.Open(new FakePlugin());
        Fails(() => chain.Next.Cache(0, 0));
    }

    [Fact]
    public void A_change_of_a_disk_that_is_read_only_is_a_fault()
    {
        using var chain = ChainHarness.Open(
            new FakePlugin { Describing = (ref ExportInfo info) => info.CanWrite = false });
        Fails(() => chain.Next.Write(new byte[1], 0, RequestFlags.None));
        Fails(() => chain.Next.Trim(1, 0, RequestFlags.None));
        Fails(() => chain.Next.Zero(1, 0, RequestFlags.None));
    }

    [Fact]
    public void Flags_that_were_not_offered_are_a_fault()
    {
        using var chain = ChainHarness.Open(new FakePlugin(Operations.All & ~Operations.Flush));
        Fails(() => chain.Next.Write(new byte[1], 0, RequestFlags.Fua));
        Fails(() => chain.Next.Zero(1, 0, RequestFlags.FastZero));
        Fails(() => chain.Next.Write(new byte[1], 0, RequestFlags.MayTrim));
        Fails(() => chain.Next.Flush());
    }

    [Fact]
    public void Operations_that_were_not_offered_are_a_fault()
    {
        var filter = new FakeFilter("f", Operations.None)
        {
            Describing = (ref ExportInfo info) => info.Zero = ZeroSupport.None,
        };
        using var chain = ChainHarness.Open(new FakePlugin(Operations.Read | Operations.Write), [filter]);
        Fails(() => chain.Next.Trim(1, 0, RequestFlags.None));
        Fails(() => chain.Next.Zero(1, 0, RequestFlags.None));
        Fails(() => chain.Next.Cache(1, 0));
    }

    [Fact]
    public void A_filter_that_answers_ENOTSUP_to_a_plain_zero_is_at_fault()
    {
        var filter = new FakeFilter("f") { Calling = name => name == "zero" ? Errno.ENOTSUP : Errno.Ok };
        using var chain = ChainHarness.Open(new FakePlugin(), [filter]);
        Fails(() => chain.Next.Zero(1, 0, RequestFlags.None));
    }

    [Fact]
    public void A_layer_that_lists_no_extent_is_at_fault()
    {
        var info = new LayerInfo();
        info.Value.Size = 512;
        ChainNext silent = ChainNext.Of(new Silent(), info);
        var config = ChainBuilder.Build([], new FakePlugin());
        var link = new Checked("x", silent, new OpenedLayers(config, 0, ""));
        Fails(() => link.Extents(1, 0, RequestFlags.None, new ExtentList(0, 1)));
    }

    [Fact]
    public void A_fault_names_the_layer()
    {
        using var chain = ChainHarness.Open(new FakePlugin(), [new FakeFilter("f")]);
        var thrown = Assert.Throws<InvalidOperationException>(() => chain.Next.Cache(0, 0));
        Assert.StartsWith("f: ", thrown.Message, StringComparison.Ordinal);
    }

    private static void Fails(Func<Errno> operation) =>
        Assert.Throws<InvalidOperationException>(() => { _ = operation(); });

    private sealed class Silent : Link
    {
        public override Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents) => Errno.Ok;
    }
}
