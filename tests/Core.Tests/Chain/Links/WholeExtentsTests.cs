// Extents of layers that know nothing of holes. Not: the list (ExtentListTests).

using NbdFast.Testing;

namespace NbdFast.Core.Tests.Chain.Links;

public sealed class WholeExtentsTests
{
    [Fact]
    public void All_of_the_range_is_data()
    {
        using var chain = ChainHarness.Open(new FakePlugin(Operations.Read));
        Assert.Equal([new Extent(512, 1024, ExtentType.Data)], chain.Extents(512, 1024));
    }

    [Fact]
    public void A_filter_hides_the_extents_below()
    {
        var journal = new Journal();
        var filter = new FakeFilter("f", Operations.None)
        {
            Describing = (ref ExportInfo info) => info.CanExtents = false,
        };
        using var chain = ChainHarness.Open(new FakePlugin(journal: journal), [filter]);
        Assert.Equal([new Extent(0, 4096, ExtentType.Data)], chain.Extents(0, 4096));
        Assert.Empty(journal.With("extents"));
    }

    [Fact]
    public void A_layer_with_extents_is_asked()
    {
        using var chain = ChainHarness.Open(new FakePlugin(), [new FakeFilter("f")]);
        Assert.Equal([new Extent(0, 4096, ExtentType.HoleZero)], chain.Extents(0, 4096));
    }
}
