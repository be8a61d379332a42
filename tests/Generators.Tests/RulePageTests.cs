// Every rule has a page, a release note and the severity of an error. Not: the rules' checks (Rules).

using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Microsoft.CodeAnalysis;
using NbdFast.Generators.Rules;
using NbdFast.Testing;

namespace NbdFast.Generators.Tests;

public sealed class RulePageTests
{
    public static TheoryData<string> Ids => [.. All.Select(rule => rule.Id)];

    private static IEnumerable<DiagnosticDescriptor> All =>
        typeof(Descriptors).GetFields(BindingFlags.Static | BindingFlags.Public)
            .Select(rule => rule.GetValue(null))
            .OfType<DiagnosticDescriptor>();

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_rule_has_a_page_that_says_what_is_wrong_and_what_is_right(string id)
    {
        DiagnosticDescriptor rule = All.Single(candidate => candidate.Id == id);
        Assert.Equal($"docs/rules/{id}.md", rule.HelpLinkUri);
        string page = File.ReadAllText(Path.Combine(RepositoryRoot.Path, rule.HelpLinkUri));
        Assert.StartsWith($"# {id}: {rule.Title}\n", page, System.StringComparison.Ordinal);
        foreach (string part in new[] { "## Why", "## Wrong", "## Right", "## How to fix" })
            Assert.Contains(part + "\n", page, System.StringComparison.Ordinal);
    }

    [Fact]
    public void Every_rule_is_an_error_and_enabled() =>
        Assert.All(
            All,
            rule => Assert.True(rule is { DefaultSeverity: DiagnosticSeverity.Error, IsEnabledByDefault: true }));

    [Fact]
    public void Every_page_belongs_to_a_rule()
    {
        IEnumerable<string> pages = Directory
            .EnumerateFiles(Path.Combine(RepositoryRoot.Path, "docs", "rules"))
            .Select(path => Path.GetFileNameWithoutExtension(path)!);
        Assert.Equal(All.Select(rule => rule.Id).Order(), pages.Order());
    }
}
