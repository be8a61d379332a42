// The registry of fused chains: a switch from the filter and what lies below it to the fused connection. Not: the
// layers it is instantiated over (FusedLayerEmitter).

using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis.Text;
using NbdFast.Generators.Model;

namespace NbdFast.Generators.Emit;

internal static class FusedChainEmitter
{
    public static SourceText Emit(EquatableArray<FusedChainModel> chains, string rootNamespace)
    {
        List<FusedLayerModel[]> fused = Distinct(chains.SelectMany(WithLowerParts));
        var writer = new SourceWriter();
        writer.Header("The chains of [assembly: NbdFusedChain(...)]: each filter over the type of the layer below.");
        if (rootNamespace.Length > 0)
            writer.Line($"namespace {rootNamespace};").Line();
        EmitRegistry(writer, fused);
        foreach (FusedLayerModel[] below in Distinct(fused.Select(chain => chain.Skip(1).ToArray())))
        {
            writer.Line();
            FusedLayerEmitter.Emit(writer, below);
        }
        return writer.ToSourceText();
    }

    // To fuse a, b, c, b must be fused over c first.
    private static IEnumerable<FusedLayerModel[]> WithLowerParts(FusedChainModel chain)
    {
        for (int first = chain.Layers.Count - 2; first >= 0; first--)
            yield return chain.Layers.Skip(first).ToArray();
    }

    private static List<FusedLayerModel[]> Distinct(IEnumerable<FusedLayerModel[]> chains) =>
        chains
            .GroupBy(chain => string.Join(" ", chain.Select(layer => layer.Name)))
            .OrderBy(same => same.Key, StringComparer.Ordinal)
            .Select(same => same.First())
            .ToList();

    private static void EmitRegistry(SourceWriter writer, List<FusedLayerModel[]> fused)
    {
        writer.Line("/// <summary>The chains that were fused at compile time.</summary>");
        writer.Open("public static class FusedChainRegistry");
        writer.Line("/// <summary>Makes the filter's connection over the concrete type of the layer below.</summary>");
        writer.Line("/// <returns>Null if the two were not fused, or if reads do not go to that layer.</returns>");
        writer.Line("public static global::NbdFast.Link? Connect(");
        writer.Indented(indented => indented
            .Line("global::NbdFast.Filter filter, in global::NbdFast.Chain.ChainNext next,")
            .Line("global::NbdFast.Chain.LayerContext context)"));
        writer.Open().Open("switch (filter)");
        foreach (IGrouping<string, FusedLayerModel[]> ofFilter in fused.GroupBy(chain => chain[0].UnitType))
            EmitFilter(writer, ofFilter.Key, ofFilter);
        writer.Close().Line("return null;").Close().Close();
    }

    private static void EmitFilter(SourceWriter writer, string filter, IEnumerable<FusedLayerModel[]> chains)
    {
        writer.Line($"case {filter} outer:");
        writer.Indented(indented =>
        {
            indented.Open("switch (next.Reader)");
            foreach (FusedLayerModel[] chain in chains)
            {
                FusedLayerModel[] below = chain.Skip(1).ToArray();
                string over = FusedLayerEmitter.StructName(below);
                indented.Line($"// {string.Join(" over ", chain.Select(layer => layer.Name))}");
                indented.Line($"case {FusedLayerEmitter.ConnectionType(below)} unit:");
                indented.Indented(arm => arm
                    .Line($"return new {chain[0].ConnectionType}<{over}>(outer)")
                    .Indented(call => call.Line($".Attach(new {over}(next, unit), context);")));
            }
            indented.Close().Line("break;");
        });
    }
}
