// The noextents filter against its page. Not: what the server answers in place of extents (Chain/Links/WholeExtents).

using NbdFast.Testing;

namespace NbdFast.Filters.Tests;

public sealed class NoextentsFilterTests
{
    [Fact]
    public void The_whole_disk_looks_allocated_and_the_plugin_is_not_asked()
    {
        var journal = new Journal();
        using var chain = ChainHarness.Open(new FakePlugin(journal: journal), [new NoextentsFilter()]);
        Assert.False(chain.Info.CanExtents);
        Assert.Equal([new Extent(512, 4096, ExtentType.Data)], chain.Extents(512, 4096));
        Assert.Empty(journal.With("extents"));
    }

    [Fact]
    public void All_else_stays_as_the_plugin_has_it()
    {
        using var plain = ChainHarness.Open(new FakePlugin());
        using var chain = ChainHarness.Open(new FakePlugin(), [new NoextentsFilter()]);
        ExportInfo expected = plain.Info;
        expected.CanExtents = false;
        Assert.Equal(expected, chain.Info);
    }

    [Fact]
    public void What_a_plugin_lends_passes()
    {
        using var chain = ChainHarness.Open(new LendingPlugin(1 << 20), [new NoextentsFilter()]);
        Assert.Equal(Loan.OfHole(512), chain.Next.Lend(512, 0, wantHoles: true));
    }

    [Fact]
    public void Requests_allocate_nothing()
    {
        using ChainHarness chain = SevenRequests.Open(new NoextentsFilter());
        Assert.Equal(0, new SevenRequests(chain).Allocate());
    }
}
