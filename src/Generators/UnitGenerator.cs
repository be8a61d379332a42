// The pipeline from attributes to generated files, and nothing else. Not: parsing (Parsing), text (Emit), the rules'
// messages (Rules).

using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NbdFast.Generators.Emit;
using NbdFast.Generators.Model;
using NbdFast.Generators.Parsing;

namespace NbdFast.Generators;

/// <summary>Makes the tables, binders and registries of plugins and filters.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class UnitGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<string> rootNamespace = context.AnalyzerConfigOptionsProvider
            .Combine(context.CompilationProvider.Select((compilation, _) => compilation.AssemblyName ?? ""))
            .Select((pair, _) =>
                pair.Left.GlobalOptions.TryGetValue("build_property.RootNamespace", out string? name) && name.Length > 0
                    ? name
                    : pair.Right)
            .WithTrackingName(Steps.RootNamespace);

        AddUnits(context, UnitKind.Plugin, KnownNames.PluginAttribute, rootNamespace);
        AddUnits(context, UnitKind.Filter, KnownNames.FilterAttribute, rootNamespace);
        AddFusedChains(context, rootNamespace);
    }

    private static void AddUnits(
        IncrementalGeneratorInitializationContext context, UnitKind kind, string attribute,
        IncrementalValueProvider<string> rootNamespace)
    {
        IncrementalValuesProvider<ParsedUnit> parsed = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                attribute,
                (node, _) => node is ClassDeclarationSyntax,
                (found, cancel) => UnitParser.Parse(found, kind, cancel))
            .WithTrackingName(Steps.Parse + kind);

        // From here on places in the source play no part, so that typing above a unit generates nothing anew.
        IncrementalValuesProvider<UnitModel> units = parsed
            .Where(unit => unit.Model != null)
            .Select((unit, _) => unit.Model!)
            .WithTrackingName(Steps.Units + kind);
        context.RegisterSourceOutput(units, (output, unit) => output.AddSource(unit.FileName, UnitEmitter.Emit(unit)));

        IncrementalValueProvider<EquatableArray<RegistryEntry>> entries = units
            .Select((unit, _) => new RegistryEntry(unit.Name, unit.QualifiedName))
            .Collect()
            .Select((all, _) => EquatableArray<RegistryEntry>.From(all))
            .WithTrackingName(Steps.Registry + kind);
        context.RegisterSourceOutput(entries.Combine(rootNamespace), (output, pair) =>
        {
            // An assembly of plugins or of filters has its registry while it is still empty, so that whoever refers
            // to it compiles.
            if (pair.Left.Count > 0 || pair.Right.EndsWith($".{kind}s", StringComparison.Ordinal))
                output.AddSource($"{kind}Registry.g.cs", RegistryEmitter.Emit(kind, pair.Left, pair.Right));
        });

        AddDiagnostics(context, kind, parsed);
    }

    private static void AddDiagnostics(
        IncrementalGeneratorInitializationContext context, UnitKind kind, IncrementalValuesProvider<ParsedUnit> parsed)
    {
        IncrementalValuesProvider<DiagnosticInfo> ofUnits = parsed.SelectMany((unit, _) => unit.Diagnostics);
        context.RegisterSourceOutput(ofUnits, (output, found) => output.ReportDiagnostic(found.ToDiagnostic()));

        IncrementalValueProvider<EquatableArray<DiagnosticInfo>> conflicts = parsed
            .Select((unit, _) => unit.Identity)
            .Collect()
            .Select((all, _) => NameConflicts.Find(all))
            .WithTrackingName(Steps.Conflicts + kind);
        context.RegisterSourceOutput(conflicts, (output, all) =>
        {
            foreach (DiagnosticInfo conflict in all)
                output.ReportDiagnostic(conflict.ToDiagnostic());
        });
    }

    private static void AddFusedChains(
        IncrementalGeneratorInitializationContext context, IncrementalValueProvider<string> rootNamespace)
    {
        IncrementalValuesProvider<ParsedChains> parsed = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                KnownNames.FusedChainAttribute,
                (node, _) => node is CompilationUnitSyntax,
                FusedChainParser.Parse)
            .WithTrackingName(Steps.ParseChains);
        context.RegisterSourceOutput(
            parsed.SelectMany((file, _) => file.Diagnostics),
            (output, found) => output.ReportDiagnostic(found.ToDiagnostic()));

        IncrementalValueProvider<EquatableArray<FusedChainModel>> chains = parsed
            .SelectMany((file, _) => file.Chains)
            .Collect()
            .Select((all, _) => EquatableArray<FusedChainModel>.From(all))
            .WithTrackingName(Steps.FusedChains);
        context.RegisterSourceOutput(chains.Combine(rootNamespace), (output, pair) =>
        {
            if (pair.Left.Count > 0)
                output.AddSource("FusedChainRegistry.g.cs", FusedChainEmitter.Emit(pair.Left, pair.Right));
        });
    }
}
