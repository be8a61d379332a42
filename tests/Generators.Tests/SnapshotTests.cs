// The generated files, as people read them. Not: what they do (GeneratedCodeTests).

namespace NbdFast.Generators.Tests;

public sealed class SnapshotTests
{
    private static readonly Compiled All = Compiled.FromSound(
        Compiled.Sample("OnesPlugin.cs"), Compiled.Sample("BytesPlugin.cs"), Compiled.Sample("ShiftFilter.cs"),
        Compiled.Sample("AgainFilter.cs"), Compiled.Sample("Chains.cs"));

    [Theory]
    [InlineData("Sample.Ones.OnesPlugin.g.cs")]
    [InlineData("Sample.Bytes.BytesPlugin.g.cs")]
    [InlineData("Sample.Shift.ShiftFilter.g.cs")]
    [InlineData("Sample.Again.AgainFilter.g.cs")]
    [InlineData("PluginRegistry.g.cs")]
    [InlineData("FilterRegistry.g.cs")]
    [InlineData("FusedChainRegistry.g.cs")]
    public void A_generated_file_is_the_one_that_was_reviewed(string name) => Snapshot.Check(name, All.Files[name]);

    [Fact]
    public void No_file_is_generated_that_has_no_snapshot() => Assert.Equal(7, All.Files.Count);

    [Fact]
    public void An_assembly_without_units_gets_no_files() =>
        Assert.Empty(Compiled.FromSound("public static class Nothing;").Files);
}
