// What is said of names that no unit has. Not: the units.

using NbdFast.Cli;
using Xunit;

namespace NbdFast.Core.Tests.Cli;

public sealed class UnitCatalogueTests
{
    private static readonly string[] Names = ["file", "memory", "null", "pattern"];

    [Theory]
    [InlineData("nul", "there is no such plugin; did you mean 'null'?")]
    [InlineData("NULL", "there is no such plugin; those that are built in: file memory null pattern")]
    [InlineData("memmory", "there is no such plugin; did you mean 'memory'?")]
    [InlineData("paterrn", "there is no such plugin; did you mean 'pattern'?")]
    [InlineData("nosuch", "there is no such plugin; those that are built in: file memory null pattern")]
    [InlineData("", "there is no such plugin; those that are built in: file memory null pattern")]
    [InlineData("x", "there is no such plugin; those that are built in: file memory null pattern")]
    [InlineData("foo=bar", "there is no such plugin; those that are built in: file memory null pattern")]
    [InlineData("/usr/lib/nbdkit/plugins/nbdkit-null-plugin.so",
        "nbdfast does not load .so files, but has this plugin built in: write 'null'")]
    [InlineData("nbdkit-file-plugin.so", "nbdfast does not load .so files, but has this plugin built in: write 'file'")]
    [InlineData("./nbdkit-x-plugin.so",
        "nbdfast does not load .so files yet; the plugins that are built in: file memory null pattern")]
    [InlineData("nbdkit-null-filter.so",
        "nbdfast does not load .so files yet; the plugins that are built in: file memory null pattern")]
    [InlineData("nbdkit--plugin.so",
        "nbdfast does not load .so files yet; the plugins that are built in: file memory null pattern")]
    [InlineData("../null",
        "nbdfast does not load .so files yet; the plugins that are built in: file memory null pattern")]
    public void An_unknown_name_is_answered_with_help(string name, string explanation) => Assert.Equal(
        $"cannot open plugin '{name}': {explanation}", UnitCatalogue.Explain("plugin", name, Names));

    [Fact]
    public void A_filter_by_its_path_is_known_too() => Assert.Equal(
        "cannot open filter '/x/nbdkit-cow-filter.so': nbdfast does not load .so files, but has this filter built in: "
            + "write 'cow'",
        UnitCatalogue.Explain("filter", "/x/nbdkit-cow-filter.so", ["cow"]));

    [Fact]
    public void Every_listed_unit_can_be_found_and_made()
    {
        Assert.Contains("null", UnitCatalogue.PluginNames);
        foreach (string name in UnitCatalogue.PluginNames)
        {
            using Plugin plugin = UnitCatalogue.MakePlugin(name);
            Assert.Same(plugin.Table, UnitCatalogue.FindPlugin(name));
        }

        foreach (string name in UnitCatalogue.FilterNames)
        {
            using Filter filter = UnitCatalogue.MakeFilter(name);
            Assert.Same(filter.Table, UnitCatalogue.FindFilter(name));
        }
    }
}
