// NBDF011: a filter that reopens the layers below cannot be fused. Not: what Reopen does (Core.Tests).

using Microsoft.CodeAnalysis;

namespace NbdFast.Generators.Tests.Rules;

public sealed class NBDF011_ReopenInChainTests
{
    private const string Chain = "[assembly: NbdFast.NbdFusedChain(\"again\", \"bytes\")]";

    [Fact]
    public void A_filter_of_the_same_assembly_that_reopens_is_reported() =>
        AssertReported(Compiled.From(Chain, Compiled.Sample("AgainFilter.cs"), Compiled.Sample("BytesPlugin.cs")));

    [Fact]
    public void A_filter_of_another_assembly_that_reopens_is_reported()
    {
        Compiled units = Compiled.FromSound(Compiled.Sample("AgainFilter.cs"), Compiled.Sample("BytesPlugin.cs"));
        MetadataReference reference = MetadataReference.CreateFromImage(
            Compiled.Emit(units.Output.WithAssemblyName("Units")));
        AssertReported(Compiled.From(Compiled.Compilation([reference], Chain)));
    }

    [Fact]
    public void A_filter_that_only_has_a_method_of_that_name_elsewhere_is_accepted()
    {
        Compiled compiled = Compiled.From(
            "[assembly: NbdFast.NbdFusedChain(\"other\", \"bytes\")]", Compiled.Sample("BytesPlugin.cs"),
            """
            using NbdFast;

            [NbdFilter("other", "")] public sealed partial class OtherFilter : Filter
            {
                public sealed class Connection<TNext>(OtherFilter filter) : FilterConnection<TNext>
                    where TNext : struct, INext
                {
                    private readonly Files _files = new();
                    public OtherFilter Filter => filter;
                    public override Errno Flush() => _files.Reopen() ? Next.Flush() : Errno.EIO;
                }
            }

            public sealed class Files { public bool Reopen() => true; }
            """);
        Assert.Empty(compiled.Reported);
        Assert.Contains("FusedChainRegistry.g.cs", compiled.Files.Keys);
    }

    private static void AssertReported(Compiled compiled)
    {
        Diagnostic found = Assert.Single(compiled.Reported);
        Assert.Equal("NBDF011", found.Id);
        Assert.Contains("Filter 'again' calls Reopen", found.GetMessage(), System.StringComparison.Ordinal);
        Assert.DoesNotContain("FusedChainRegistry.g.cs", compiled.Files.Keys);
    }
}
