// The rule that every unit has a page for its users: NBDF023. Not: what the page says.

using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NbdFast.Generators.Parsing;

namespace NbdFast.Generators.Rules;

/// <summary>Looks for <c>NAME.md</c> among the project's additional files.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnitPageAnalyzer : DiagnosticAnalyzer
{
    private const string PageExtension = ".md";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.UnitWithoutPage];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            var pages = new HashSet<string>(
                start.Options.AdditionalFiles.Select(file => Path.GetFileName(file.Path)), StringComparer.Ordinal);
            start.RegisterSymbolAction(symbol => Check(symbol, pages), SymbolKind.NamedType);
        });
    }

    private static void Check(SymbolAnalysisContext context, HashSet<string> pages)
    {
        foreach (AttributeData attribute in context.Symbol.GetAttributes())
        {
            bool isUnit = attribute.AttributeClass is { } type &&
                (type.IsNamed(KnownNames.PluginAttribute) || type.IsNamed(KnownNames.FilterAttribute));
            if (isUnit && attribute.ConstructorArguments.FirstOrDefault().Value is string name &&
                !pages.Contains(name + PageExtension))
            {
                context.ReportDiagnostic(
                    Diagnostic.Create(Descriptors.UnitWithoutPage, context.Symbol.Locations[0], name));
            }
        }
    }
}
