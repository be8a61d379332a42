// Layers that a filter opens for its own use. Not: replacing those of a connection (LayerContextTests).

using NbdFast.Chain;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Chain;

public sealed class LayersBelowTests
{
    private readonly Journal _journal = new();
    private readonly FakeFilter _filter = new("f");

    [Fact]
    public void They_are_prepared_and_described_and_belong_to_the_filter()
    {
        using var chain = ChainHarness.Start(new FakePlugin(journal: _journal), [new FakeFilter("outer"), _filter]);
        var request = new OpenRequest(new ClientInfo(), "x", readOnly: true);
        Assert.Equal(Errno.Ok, _filter.OpenOnceMore(request, out OpenedLayers? layers));
        Assert.Equal(1ul << 20, layers!.Next.Info.Size);
        Assert.Equal(Errno.Ok, layers.Next.Read(new byte[8], 0));
        Assert.False(layers.Next.Info.CanWrite);
        layers.Dispose();
        Assert.Equal(["plugin: open 'x' readonly=True"], _journal.With("plugin: open"));
        Assert.Equal(["plugin: close"], _journal.With("close"));
    }

    [Fact]
    public void Shared_ones_belong_to_nobody_in_particular()
    {
        using var chain = ChainHarness.Start(new FakePlugin(journal: _journal) { DefaultName = "main" }, [_filter]);
        Assert.Equal(Errno.Ok, _filter.OpenForAll("", out OpenedLayers? layers));
        using (layers)
            Assert.Equal(["plugin: open 'main' readonly=False"], _journal.With("plugin: open"));
    }

    [Fact]
    public void They_cannot_be_opened_before_the_server_runs_nor_after_the_filters_cleanup()
    {
        ChainConfig chain = ChainBuilder.Build([_filter], new FakePlugin(journal: _journal));
        chain.Complete();
        ChainLifecycle.GetReady(chain);
        Assert.Equal(Errno.EINVAL, _filter.OpenForAll("", out _));
        ChainLifecycle.AfterFork(chain);
        ChainLifecycle.Cleanup(chain);
        Assert.Equal(Errno.EINVAL, _filter.OpenForAll("", out OpenedLayers? layers));
        Assert.Null(layers);
        Assert.Empty(_journal.With("plugin: open"));
    }
}
