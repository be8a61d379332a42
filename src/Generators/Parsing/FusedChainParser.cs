// From [assembly: NbdFusedChain(...)] to models, with the rules NBDF010 and 011. Not: code (FusedChainEmitter).

using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using NbdFast.Generators.Model;
using NbdFast.Generators.Rules;

namespace NbdFast.Generators.Parsing;

internal static class FusedChainParser
{
    public static ParsedChains Parse(GeneratorAttributeSyntaxContext context, CancellationToken cancel)
    {
        Compilation compilation = context.SemanticModel.Compilation;
        var units = new UnitIndex(compilation, cancel);
        var chains = new List<FusedChainModel>();
        var diagnostics = new List<DiagnosticInfo>();
        foreach (AttributeData attribute in context.Attributes)
        {
            LocationInfo? place = attribute.ApplicationSyntaxReference is { } syntax
                ? LocationInfo.Of(syntax.GetSyntax(cancel).GetLocation())
                : null;
            if (Parse(attribute, units, compilation, place, diagnostics) is { } chain)
                chains.Add(chain);
        }
        return new ParsedChains(
            EquatableArray<FusedChainModel>.From(chains), EquatableArray<DiagnosticInfo>.From(diagnostics));
    }

    private static FusedChainModel? Parse(
        AttributeData attribute, UnitIndex units, Compilation compilation, LocationInfo? place,
        List<DiagnosticInfo> diagnostics)
    {
        List<string> names = NamesOf(attribute);
        if (names.Count < 2)
        {
            diagnostics.Add(DiagnosticInfo.Of(
                Descriptors.UnknownUnitInChain, place, "it names at least one filter and then the plugin"));
            return null;
        }
        int before = diagnostics.Count;
        var layers = new List<FusedLayerModel>();
        for (int i = 0; i < names.Count; i++)
        {
            bool isPlugin = i == names.Count - 1;
            INamedTypeSymbol? type = isPlugin ? units.Plugin(names[i]) : units.Filter(names[i]);
            string? fault = null;
            FusedLayerModel? layer = type == null ? null : Layer(names[i], type, isPlugin, compilation, out fault);
            if (layer != null)
                layers.Add(layer);
            else
                fault ??= $"there is no {(isPlugin ? "plugin" : "filter")} '{names[i]}'";
            if (fault != null)
                diagnostics.Add(DiagnosticInfo.Of(Descriptors.UnknownUnitInChain, place, fault));
            else if (!isPlugin && ReopenFinder.Reopens(type!, ConnectionFinder.OfFilter(type!)!))
                diagnostics.Add(DiagnosticInfo.Of(Descriptors.ReopenInChain, place, names[i]));
        }
        return diagnostics.Count > before ? null : new FusedChainModel(EquatableArray<FusedLayerModel>.From(layers));
    }

    // Fused code names the connection's class, and only calls into a sealed class can be inlined.
    private static FusedLayerModel? Layer(
        string name, INamedTypeSymbol type, bool isPlugin, Compilation compilation, out string? fault)
    {
        INamedTypeSymbol? connection = isPlugin ? ConnectionFinder.OfPlugin(type) : ConnectionFinder.OfFilter(type);
        fault =
            connection == null ? $"filter '{name}' has no Connection<TNext>" :
            !connection.IsSealed ? $"'{TypeNames.NameForComment(connection)}' of '{name}' is not sealed" :
            !compilation.IsSymbolAccessibleWithin(connection, compilation.Assembly)
                ? $"'{TypeNames.NameForComment(connection)}' of '{name}' is not public" :
            null;
        if (fault != null)
            return null;
        string unitType = type.ToDisplayString(TypeNames.Qualified);
        return new FusedLayerModel(
            name,
            unitType,
            isPlugin ? connection!.ToDisplayString(TypeNames.Qualified) : $"{unitType}.{KnownNames.ConnectionClass}",
            EquatableArray<string>.From(
                from operation in OperationFinder.Find(connection!)
                where !operation.IsAsync
                select operation.Operation));
    }

    private static List<string> NamesOf(AttributeData attribute)
    {
        if (attribute.ConstructorArguments.Length != 1 ||
            attribute.ConstructorArguments[0] is not { Kind: TypedConstantKind.Array, IsNull: false } units)
        {
            return [];
        }
        return units.Values.Select(value => value.Value as string ?? "").ToList();
    }
}
