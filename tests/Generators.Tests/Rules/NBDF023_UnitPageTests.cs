// NBDF023: a unit has a page. Not: what the page says.

using System.Threading.Tasks;
using NbdFast.Generators.Rules;

namespace NbdFast.Generators.Tests.Rules;

public sealed class NBDF023_UnitPageTests
{
    private const string Plugin = "[NbdPlugin(\"blocks\", \"\")] public sealed partial class P : Plugin;";

    [Fact]
    public Task A_plugin_without_a_page_is_reported() =>
        RuleCheck.Reports(new UnitPageAnalyzer(), "NBDF023", "P", "Unit 'blocks' has no page 'blocks.md'", Plugin);

    [Fact]
    public Task A_filter_without_a_page_is_reported() =>
        RuleCheck.Reports(
            new UnitPageAnalyzer(), "NBDF023", "F", "Unit 'f' has no page 'f.md'",
            """
            [NbdFilter("f", "")] public sealed partial class F : Filter
            {
                public sealed class Connection<TNext>(F f) : FilterConnection<TNext> where TNext : struct, INext
                {
                    public F F => f;
                }
            }
            """);

    [Fact]
    public Task A_page_of_that_name_in_any_folder_is_accepted() =>
        RuleCheck.Accepts(new UnitPageAnalyzer(), Plugin, "src/Plugins/X.cs", new Page("src/Plugins/Blocks/blocks.md"));

    [Theory]
    [InlineData("src/Plugins/Blocks/Blocks.md")]
    [InlineData("src/Plugins/Blocks/blocks.txt")]
    [InlineData("src/Plugins/Blocks/other.md")]
    public async Task A_page_of_another_name_does_not_count(string page)
    {
        var found = await RuleCheck.Run(
            new UnitPageAnalyzer(), "using NbdFast; " + Plugin, "X.cs", [new Page(page)]);
        Assert.Equal("NBDF023", Assert.Single(found).Id);
    }

    [Fact]
    public Task A_class_that_is_no_unit_needs_no_page() =>
        RuleCheck.Accepts(new UnitPageAnalyzer(), "public abstract class B : Plugin;");
}
