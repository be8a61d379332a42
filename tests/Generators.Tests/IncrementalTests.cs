// What runs again when a source file changes. Not: what it generates (SnapshotTests).

using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace NbdFast.Generators.Tests;

public sealed class IncrementalTests
{
    private const string Unrelated = "public static class Unrelated { public const int Answer = 41; }";
    private const int OnesTree = 0;
    private const int UnrelatedTree = 4;

    private static readonly string[] AllSteps =
    [
        Steps.RootNamespace, "ParsePlugin", "ParseFilter", "UnitsPlugin", "UnitsFilter", "RegistryPlugin",
        "RegistryFilter", "ConflictsPlugin", "ConflictsFilter", Steps.ParseChains, Steps.FusedChains,
    ];

    [Fact]
    public void An_unrelated_edit_leaves_every_step_as_it_was()
    {
        GeneratorRunResult second = RunTwice(UnrelatedTree, text => text.Replace("41", "42"));
        foreach (string step in AllSteps)
            Assert.All(Reasons(second, step), AssertUntouched);
        Assert.All(OutputReasons(second), AssertUntouched);
    }

    [Fact]
    public void A_line_typed_above_a_unit_generates_nothing_anew()
    {
        GeneratorRunResult second = RunTwice(OnesTree, text => text.Replace("namespace ", "// New.\n\nnamespace "));
        Assert.Contains(IncrementalStepRunReason.Modified, Reasons(second, "ParsePlugin"));   // It knows the place.
        Assert.All(Reasons(second, "UnitsPlugin"), AssertUntouched);
        Assert.All(OutputReasons(second), AssertUntouched);
    }

    [Fact]
    public void A_changed_help_text_generates_that_units_file_only()
    {
        GeneratorRunResult second = RunTwice(OnesTree, text => text.Replace("Size of the backing disk.", "The size."));
        Assert.Single(Reasons(second, "UnitsPlugin"), reason => reason == IncrementalStepRunReason.Modified);
        Assert.Single(OutputReasons(second), reason => reason == IncrementalStepRunReason.Modified);
        Assert.All(Reasons(second, "RegistryPlugin"), AssertUntouched);
    }

    [Fact]
    public void A_changed_name_reaches_the_registry()
    {
        GeneratorRunResult second = RunTwice(OnesTree, text => text.Replace("\"sample ones plugin\"", "\"other\""));
        Assert.All(Reasons(second, "RegistryPlugin"), AssertUntouched);
        second = RunTwice(3, text => text.Replace("\"again\"", "\"once-more\""));
        Assert.Contains(IncrementalStepRunReason.Modified, Reasons(second, "RegistryFilter"));
        Assert.All(Reasons(second, "RegistryPlugin"), AssertUntouched);
    }

    [Fact]
    public void Every_step_that_has_a_name_ran()
    {
        GeneratorRunResult second = RunTwice(UnrelatedTree, text => text);
        Assert.All(AllSteps, step => Assert.Contains(step, second.TrackedSteps.Keys));
    }

    private static GeneratorRunResult RunTwice(int tree, System.Func<string, string> edit)
    {
        CSharpCompilation first = Compiled.Compilation(
            Compiled.Sample("OnesPlugin.cs"), Compiled.Sample("BytesPlugin.cs"), Compiled.Sample("ShiftFilter.cs"),
            Compiled.Sample("AgainFilter.cs"), Unrelated, Compiled.Sample("Chains.cs"));
        GeneratorDriver driver = Compiled.Driver().RunGenerators(first);
        SyntaxTree before = first.SyntaxTrees[tree];
        SyntaxTree after = CSharpSyntaxTree.ParseText(edit(before.ToString()), Compiled.ParseOptions, before.FilePath);
        return driver.RunGenerators(first.ReplaceSyntaxTree(before, after)).GetRunResult().Results.Single();
    }

    private static void AssertUntouched(IncrementalStepRunReason reason) =>
        Assert.True(
            reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"ran again: {reason}");

    private static IEnumerable<IncrementalStepRunReason> Reasons(GeneratorRunResult result, string step) =>
        result.TrackedSteps[step].SelectMany(run => run.Outputs).Select(output => output.Reason);

    private static IEnumerable<IncrementalStepRunReason> OutputReasons(GeneratorRunResult result) =>
        result.TrackedOutputSteps.Values.SelectMany(runs => runs).SelectMany(run => run.Outputs)
            .Select(output => output.Reason);
}
