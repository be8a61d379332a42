// Replacing the layers below an open filter. Not: opening further ones (LayersBelowTests).

using NbdFast.Chain;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Chain;

public sealed class LayerContextTests
{
    private readonly Journal _journal = new();

    [Fact]
    public void The_old_layers_are_closed_before_the_new_ones_are_opened()
    {
        FakeFilter filter = new("retry");
        using var chain = ChainHarness.Open(
            new FakePlugin(journal: _journal), [filter, new FakeFilter("below", journal: _journal)]);
        _journal.Take();
        Assert.Equal(Errno.Ok, filter.Last!.Again(Request(readOnly: true)));
        Assert.Equal(
            [
                "below: finish", "plugin: finish", "below: close", "plugin: close",
                "below: opening 'x' readonly=True", "plugin: open 'x' readonly=True",
                "plugin: prepare", "plugin: describe", "below: connect", "below: prepare", "below: describe",
            ],
            _journal.Lines);
        Assert.Equal(new byte[4], chain.ReadBytes(0, 4));
    }

    [Fact]
    public void The_new_layers_are_closed_with_the_connection()
    {
        FakeFilter filter = new("retry");
        using var chain = ChainHarness.Open(new FakePlugin(journal: _journal), [filter]);
        Assert.Equal(Errno.Ok, filter.Last!.Again(Request()));
        _journal.Take();
        chain.First.Dispose();
        Assert.Equal(["plugin: finish", "plugin: close"], _journal.Lines);
    }

    [Fact]
    public void The_filter_sees_what_the_new_layers_describe()
    {
        ulong size = 1024;
        FakeFilter filter = new("retry");
        using var chain = ChainHarness.Open(
            new FakePlugin { Describing = (ref ExportInfo info) => info.Size = size }, [filter]);
        size = 2048;
        Assert.Equal(Errno.Ok, filter.Last!.Again(Request()));
        Assert.Equal(2048ul, filter.Last.InfoBelow.Size);
        Assert.Equal(1024ul, chain.Info.Size);
    }

    [Fact]
    public void After_a_failure_calls_below_get_EIO_until_another_attempt_succeeds()
    {
        FakeFilter filter = new("retry");
        var plugin = new FakePlugin(journal: _journal);
        using var chain = ChainHarness.Open(plugin, [filter]);
        plugin.Calling = name => name == "open" ? Errno.EBUSY : Errno.Ok;
        Assert.Equal(Errno.EBUSY, filter.Last!.Again(Request()));
        Assert.Equal(Errno.EIO, chain.Next.Read(new byte[4], 0));
        plugin.Calling = null;
        Assert.Equal(Errno.Ok, filter.Last.Again(Request()));
        Assert.Equal(Errno.Ok, chain.Next.Read(new byte[4], 0));
    }

    [Fact]
    public void A_filter_that_lets_operations_pass_by_cannot_reopen()
    {
        FakeFilter filter = new("retry", Operations.All & ~Operations.Cache);
        using var chain = ChainHarness.Open(new FakePlugin(journal: _journal), [filter]);
        Assert.Equal(Errno.EINVAL, filter.Last!.Again(Request()));
        Assert.Empty(_journal.With("close"));
    }

    private static OpenRequest Request(bool readOnly = false) => new(new ClientInfo(), "x", readOnly);
}
