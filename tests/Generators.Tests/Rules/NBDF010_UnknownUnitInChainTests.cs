// NBDF010: a fused chain names units that exist and can be fused. Not: what fused code does (FusedChainTests).

using System.Linq;
using Microsoft.CodeAnalysis;

namespace NbdFast.Generators.Tests.Rules;

public sealed class NBDF010_UnknownUnitInChainTests
{
    [Theory]
    [InlineData("\"shift\", \"nobody\"", "there is no plugin 'nobody'")]
    [InlineData("\"nobody\", \"bytes\"", "there is no filter 'nobody'")]
    [InlineData("\"bytes\", \"shift\"", "there is no filter 'bytes'")]
    [InlineData("\"bytes\"", "at least one filter")]
    [InlineData("", "at least one filter")]
    [InlineData("\"shift\", \"open\"", "'OpenPlugin.Connection' of 'open' is not sealed")]
    public void A_chain_that_cannot_be_fused_is_reported(string units, string message)
    {
        Compiled compiled = WithChain($"[assembly: NbdFast.NbdFusedChain({units})]");
        Diagnostic found = compiled.Reported.First();
        Assert.Equal("NBDF010", found.Id);
        Assert.Equal(DiagnosticSeverity.Error, found.Severity);
        Assert.Contains(message, found.GetMessage(), System.StringComparison.Ordinal);
        Assert.DoesNotContain("FusedChainRegistry.g.cs", compiled.Files.Keys);
    }

    [Fact]
    public void A_good_chain_is_fused_although_another_is_reported()
    {
        Compiled compiled = WithChain(
            """
            [assembly: NbdFast.NbdFusedChain("shift", "nobody")]
            [assembly: NbdFast.NbdFusedChain("shift", "bytes")]
            """);
        Assert.Single(compiled.Reported);
        Assert.Contains("OverBytes", compiled.Files["FusedChainRegistry.g.cs"], System.StringComparison.Ordinal);
    }

    [Fact]
    public void Units_of_a_referenced_assembly_are_found()
    {
        Compiled units = Compiled.FromSound(Compiled.Sample("BytesPlugin.cs"), Compiled.Sample("ShiftFilter.cs"));
        MetadataReference reference = MetadataReference.CreateFromImage(
            Compiled.Emit(units.Output.WithAssemblyName("Units")));
        Compiled chains = Compiled.From(Compiled.Compilation(
            [reference], "[assembly: NbdFast.NbdFusedChain(\"shift\", \"bytes\")]"));
        Assert.Empty(chains.Reported);
        Assert.Empty(chains.Output.GetDiagnostics().Where(found => found.Severity >= DiagnosticSeverity.Warning));
        Assert.Equal(["FusedChainRegistry.g.cs"], chains.Files.Keys);
    }

    [Fact]
    public void A_unit_that_another_assembly_keeps_to_itself_is_reported()
    {
        Compiled units = Compiled.FromSound(
            Compiled.Sample("ShiftFilter.cs"),
            "[NbdFast.NbdPlugin(\"closed\", \"\")] internal sealed partial class ClosedPlugin : NbdFast.Plugin;");
        MetadataReference reference = MetadataReference.CreateFromImage(
            Compiled.Emit(units.Output.WithAssemblyName("Units")));
        Compiled chains = Compiled.From(Compiled.Compilation(
            [reference], "[assembly: NbdFast.NbdFusedChain(\"shift\", \"closed\")]"));
        Assert.Contains(
            "'ClosedPlugin' of 'closed' is not public", Assert.Single(chains.Reported).GetMessage(),
            System.StringComparison.Ordinal);
    }

    private static Compiled WithChain(string chain) =>
        Compiled.From(
            chain, Compiled.Sample("BytesPlugin.cs"), Compiled.Sample("ShiftFilter.cs"),
            """
            using NbdFast;

            [NbdPlugin("open", "")] public sealed partial class OpenPlugin : Plugin
            {
                public override Connection Open(OpenRequest request) => new();
                public class Connection : Link;
            }
            """);
}
