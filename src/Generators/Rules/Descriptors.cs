// The rules' numbers, titles and messages, in one place. Not: the checks.

using System;
using Microsoft.CodeAnalysis;

namespace NbdFast.Generators.Rules;

/// <summary>The diagnostics NBDF001 to NBDF011 of the generator and NBDF020 to NBDF023 of the analyzers. Each has a
/// page <c>docs/rules/NBDF0NN.md</c>.</summary>
internal static class Descriptors
{
    private const string UnitCategory = "NbdFast.Units";
    private const string StyleCategory = "NbdFast.Style";

    public static readonly DiagnosticDescriptor BadUnitClass = new(
        "NBDF001", "A unit is a sealed partial class",
        "'{0}' {1}", UnitCategory, DiagnosticSeverity.Error, true, helpLinkUri: "docs/rules/NBDF001.md");

    public static readonly DiagnosticDescriptor BadUnitName = new(
        "NBDF002", "A unit's name must fit the command line",
        "'{0}' is no name for a unit: it takes ASCII letters, digits and dashes that do not lead",
        UnitCategory, DiagnosticSeverity.Error, true, helpLinkUri: "docs/rules/NBDF002.md");

    public static readonly DiagnosticDescriptor UnitNameTaken = new(
        "NBDF003", "A unit's name is unique",
        "The name '{0}' is already taken by '{1}'",
        UnitCategory, DiagnosticSeverity.Error, true, helpLinkUri: "docs/rules/NBDF003.md");

    public static readonly DiagnosticDescriptor ParameterKey = new(
        "NBDF004", "A parameter's key is valid and unique in its unit",
        "Parameter '{0}' {1}", UnitCategory, DiagnosticSeverity.Error, true, helpLinkUri: "docs/rules/NBDF004.md");

    public static readonly DiagnosticDescriptor TwoMagicParameters = new(
        "NBDF005", "A unit has one magic parameter at most",
        "Parameter '{0}' is magic, but '{1}' already is",
        UnitCategory, DiagnosticSeverity.Error, true, helpLinkUri: "docs/rules/NBDF005.md");

    public static readonly DiagnosticDescriptor NoParser = new(
        "NBDF006", "A parameter needs a type that can be parsed and a property that can be set",
        "Parameter '{0}': {1}", UnitCategory, DiagnosticSeverity.Error, true, helpLinkUri: "docs/rules/NBDF006.md");

    public static readonly DiagnosticDescriptor OperationOutsideConnection = new(
        "NBDF007", "A filter's operations belong into its Connection<TNext>",
        "'{0}' looks like an operation but is not in the filter's Connection<TNext>, so that nobody calls it",
        UnitCategory, DiagnosticSeverity.Error, true, helpLinkUri: "docs/rules/NBDF007.md");

    public static readonly DiagnosticDescriptor ReadOnlyDiskIsChanged = new(
        "NBDF008", "Trim and Zero need Write",
        "'{0}' overrides {1} but not Write, so that clients may never send it",
        UnitCategory, DiagnosticSeverity.Error, true, helpLinkUri: "docs/rules/NBDF008.md");

    public static readonly DiagnosticDescriptor BadConnection = new(
        "NBDF009", "A filter's connection has the shape that generated code expects",
        "'{0}' {1}", UnitCategory, DiagnosticSeverity.Error, true, helpLinkUri: "docs/rules/NBDF009.md");

    public static readonly DiagnosticDescriptor UnknownUnitInChain = new(
        "NBDF010", "A fused chain names units that exist",
        "The chain cannot be fused: {0}",
        UnitCategory, DiagnosticSeverity.Error, true, helpLinkUri: "docs/rules/NBDF010.md");

    public static readonly DiagnosticDescriptor ReopenInChain = new(
        "NBDF011", "A filter that reopens the layers below cannot be fused",
        "Filter '{0}' calls Reopen, so that the layers below it change: it cannot be part of a fused chain",
        UnitCategory, DiagnosticSeverity.Error, true, helpLinkUri: "docs/rules/NBDF011.md");

    public static readonly DiagnosticDescriptor NativeFence = new(
        "NBDF020", "Native code stays in folders named Native",
        "'{0}' is allowed in folders named Native only",
        StyleCategory, DiagnosticSeverity.Error, true, helpLinkUri: "docs/rules/NBDF020.md");

    public static readonly DiagnosticDescriptor HotPathAllocation = new(
        "NBDF021", "A hot path does not allocate",
        "{0} allocates on a hot path",
        StyleCategory, DiagnosticSeverity.Error, true, helpLinkUri: "docs/rules/NBDF021.md");

    public static readonly DiagnosticDescriptor HotPathThrow = new(
        "NBDF022", "A hot path does not throw",
        "A hot path returns an Errno instead of throwing",
        StyleCategory, DiagnosticSeverity.Error, true, helpLinkUri: "docs/rules/NBDF022.md");

    public static readonly DiagnosticDescriptor UnitWithoutPage = new(
        "NBDF023", "A unit has a page",
        "Unit '{0}' has no page '{0}.md' beside it",
        StyleCategory, DiagnosticSeverity.Error, true, helpLinkUri: "docs/rules/NBDF023.md");

    /// <summary>The generator's rule of that number. The analyzers hold theirs themselves.</summary>
    public static DiagnosticDescriptor Find(string id) => id switch
    {
        "NBDF001" => BadUnitClass,
        "NBDF002" => BadUnitName,
        "NBDF003" => UnitNameTaken,
        "NBDF004" => ParameterKey,
        "NBDF005" => TwoMagicParameters,
        "NBDF006" => NoParser,
        "NBDF007" => OperationOutsideConnection,
        "NBDF008" => ReadOnlyDiskIsChanged,
        "NBDF009" => BadConnection,
        "NBDF010" => UnknownUnitInChain,
        "NBDF011" => ReopenInChain,
        _ => throw new ArgumentOutOfRangeException(nameof(id), id, "the generator has no such rule"),
    };
}
