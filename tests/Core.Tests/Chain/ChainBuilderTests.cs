// From names to units. Not: their parameters (ChainConfigTests).

using System.Linq;
using NbdFast.Chain;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Chain;

public sealed class ChainBuilderTests
{
    [Fact]
    public void Filters_keep_the_order_of_the_command_line()
    {
        ChainConfig chain = ChainBuilder.Build(
            ["a", "b"], "p", name => new FakeFilter(name), _ => new FakePlugin());
        Assert.Equal(["a", "b", "plugin"], chain.Layers.Select(unit => unit.Table.Name));
        Assert.Equal(2, chain.PluginLayer);
        Assert.Same(chain.Plugin, chain.Unit(2));
    }

    [Fact]
    public void An_unknown_plugin_is_named()
    {
        var thrown = Assert.Throws<ConfigException>(
            () => ChainBuilder.Build(["a"], "nosuch", name => new FakeFilter(name), _ => null));
        Assert.Equal("unknown plugin 'nosuch'", thrown.Message);
    }

    [Fact]
    public void An_unknown_filter_is_named_and_the_units_made_so_far_are_unloaded()
    {
        var journal = new Journal();
        var thrown = Assert.Throws<ConfigException>(() => ChainBuilder.Build(
            ["nosuch", "b"], "p",
            name => name == "b" ? new FakeFilter(name, journal: journal) : null,
            _ => new FakePlugin(journal: journal)));
        Assert.Equal("unknown filter 'nosuch'", thrown.Message);
        Assert.Equal(["b: unload", "plugin: unload"], journal.Lines);
    }
}
