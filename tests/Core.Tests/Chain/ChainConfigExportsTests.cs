// Default names and lists of exports on their way out of a chain. Not: opening one (ChainOpenerTests).

using System.Linq;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Chain;

public sealed class ChainConfigExportsTests
{
    [Fact]
    public void The_default_export_of_the_plugin_passes_filters_that_do_not_mind()
    {
        using var chain = ChainHarness.Start(new FakePlugin { DefaultName = "main" }, [new FakeFilter("a")]);
        Assert.Equal("main", chain.DefaultExport());
    }

    [Fact]
    public void A_filter_may_change_the_default_export()
    {
        using var chain = ChainHarness.Start(
            new FakePlugin { DefaultName = "main" },
            [new FakeFilter("a"), new FakeFilter("b") { DefaultName = below => below + "!" }]);
        Assert.Equal("main!", chain.DefaultExport());
    }

    [Theory]
    [InlineData(4096, true)]
    [InlineData(4097, false)]
    public void A_default_export_is_at_most_4096_bytes(int length, bool allowed)
    {
        using var chain = ChainHarness.Start(new FakePlugin { DefaultName = new string('x', length) }, []);
        Assert.Equal(allowed, chain.DefaultExport() != null);
    }

    [Fact]
    public void The_limit_of_a_name_counts_bytes_of_UTF8()
    {
        using var chain = ChainHarness.Start(new FakePlugin { DefaultName = new string('ä', 2049) }, []);
        Assert.Null(chain.DefaultExport());
    }

    [Fact]
    public void A_plugin_that_lists_nothing_itself_lists_its_default_export()
    {
        using var chain = ChainHarness.Start(new FakePlugin { DefaultName = "main" }, [new FakeFilter("a")]);
        Assert.Equal(["main"], List(chain));
    }

    [Fact]
    public void The_listed_default_is_the_plugins_own_and_not_what_a_filter_makes_of_it()
    {
        using var chain = ChainHarness.Start(
            new FakePlugin { DefaultName = "main" }, [new FakeFilter("a") { DefaultName = _ => "other" }]);
        Assert.Equal(["main"], List(chain));
    }

    [Fact]
    public void Without_a_default_export_the_list_is_empty()
    {
        using var chain = ChainHarness.Start(new FakePlugin { DefaultName = null }, []);
        Assert.Empty(List(chain));
    }

    [Fact]
    public void A_plugin_lists_what_it_likes()
    {
        using var chain = ChainHarness.Start(new FakePlugin { Exports = ["x", "y"] }, []);
        Assert.Equal(["x", "y"], List(chain));
    }

    [Fact]
    public void An_exception_while_listing_is_an_error_of_the_request()
    {
        var plugin = new FakePlugin
        {
            Calling = name => name == "list_exports" ? throw new System.IO.IOException() : Errno.Ok,
        };
        using var chain = ChainHarness.Start(plugin, []);
        Assert.Equal(Errno.EIO, chain.ListExports(new ExportList()));
    }

    [Fact]
    public void A_layer_that_refuses_a_client_is_the_last_one_asked()
    {
        var journal = new Journal();
        var refusing = new FakeFilter("b", journal: journal)
        {
            Calling = name => name == "preconnect" ? Errno.EPERM : Errno.Ok,
        };
        using var chain = ChainHarness.Start(
            new FakePlugin(journal: journal), [new FakeFilter("a", journal: journal), refusing]);
        Assert.Equal(Errno.EPERM, chain.Connect(out _));
        Assert.Equal(["a: preconnect", "b: preconnect"], journal.With("preconnect"));
    }

    private static string[] List(ChainHarness chain)
    {
        var list = new ExportList();
        Assert.Equal(Errno.Ok, chain.ListExports(list));
        Assert.False(list.UseDefaultExport);
        return [.. Enumerable.Range(0, list.Count).Select(i => list[i].Name)];
    }
}
