// Runs the generator or an analyzer over a few lines and compares what it reports. Not: the rules.

using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace NbdFast.Generators.Tests.Rules;

internal static class RuleCheck
{
    private const string Usings =
        """
        using System;
        using System.Collections.Generic;
        using System.Diagnostics.CodeAnalysis;
        using System.Linq;
        using System.Threading.Tasks;
        using NbdFast;
        using NbdFast.Values;

        """;

    /// <summary>The generator reports that one diagnostic, at that text.</summary>
    public static void Reports(string id, string place, string message, string source)
    {
        Compiled compiled = Compiled.From(Usings + source);
        Diagnostic found = Assert.Single(compiled.Reported);
        AssertIs(found, id, place, message, Usings + source);
    }

    /// <summary>The generator reports nothing, and what it made compiles.</summary>
    public static void Accepts(string source)
    {
        Compiled compiled = Compiled.From(Usings + source);
        Assert.Empty(compiled.Reported);
        Assert.Empty(compiled.Output.GetDiagnostics().Where(found => found.Severity == DiagnosticSeverity.Error));
    }

    /// <summary>The analyzer reports that one diagnostic, at that text.</summary>
    public static async Task Reports(
        DiagnosticAnalyzer analyzer, string id, string place, string message, string source,
        string path = "src/Core/X.cs")
    {
        Diagnostic found = Assert.Single(await Run(analyzer, Usings + source, path, []));
        AssertIs(found, id, place, message, Usings + source);
    }

    /// <summary>The analyzer reports nothing.</summary>
    public static async Task Accepts(
        DiagnosticAnalyzer analyzer, string source, string path = "src/Core/X.cs", params AdditionalText[] pages) =>
        Assert.Empty(await Run(analyzer, Usings + source, path, [.. pages]));

    public static async Task<IReadOnlyList<Diagnostic>> Run(
        DiagnosticAnalyzer analyzer, string source, string path, ImmutableArray<AdditionalText> pages)
    {
        SyntaxTree tree = CSharpSyntaxTree.ParseText(source, Compiled.ParseOptions, path);
        CSharpCompilation compilation = Compiled.Compilation().AddSyntaxTrees(tree);
        compilation = compilation.WithOptions(compilation.Options.WithAllowUnsafe(true));
        Compiled compiled = Compiled.From(compilation);
        Assert.Empty(compiled.Output.GetDiagnostics().Where(found => found.Severity == DiagnosticSeverity.Error));
        return await compiled.Output
            .WithAnalyzers([analyzer], new AnalyzerOptions(pages))
            .GetAnalyzerDiagnosticsAsync();
    }

    private static void AssertIs(Diagnostic found, string id, string place, string message, string source)
    {
        Assert.Equal(id, found.Id);
        Assert.Equal(DiagnosticSeverity.Error, found.Severity);
        Assert.Contains(message, found.GetMessage(), System.StringComparison.Ordinal);
        string text = source.Substring(found.Location.SourceSpan.Start, found.Location.SourceSpan.Length);
        Assert.Equal(place, text);
    }
}
