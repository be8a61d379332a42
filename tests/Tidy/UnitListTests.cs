// That the list of units in README.md is whole. Not: the pages themselves (RoomTests).

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace NbdFast.Tidy;

public sealed partial class UnitListTests
{
    // A line for each, in the order of the names: so units that are added side by side do not meet in one line.
    [Theory]
    [InlineData("src/Plugins")]
    [InlineData("src/Filters")]
    public void The_readme_has_a_line_for_each_unit(string room)
    {
        string[] pages = [.. SourceTree.All
            .Where(file => file.Path.StartsWith(room + "/", StringComparison.Ordinal))
            .Where(file => file.Name.EndsWith(".md", StringComparison.Ordinal))
            .Select(file => file.Path)];
        IEnumerable<string> listed =
            from line in SourceTree.All.Single(file => file.Path == "README.md").Lines
            let match = UnitLine().Match(line)
            where match.Success && match.Groups["page"].Value.StartsWith(room + "/", StringComparison.Ordinal)
            select match.Groups["page"].Value;
        Assert.NotEmpty(pages);
        Assert.Equal(pages.OrderBy(NameOf, StringComparer.Ordinal), listed);
    }

    private static string NameOf(string page) => page[(page.LastIndexOf('/') + 1)..^".md".Length];

    [GeneratedRegex(@"^\| \[[a-z0-9-]+\]\((?<page>[^)]+)\) \| .+ \|$")]
    private static partial Regex UnitLine();
}
