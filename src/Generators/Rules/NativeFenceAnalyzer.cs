// The rule that native code is fenced in: NBDF020. Not: what may be done behind the fence.

using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace NbdFast.Generators.Rules;

/// <summary>Reports <c>extern</c>, <c>unsafe</c> and native imports outside of folders named Native.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NativeFenceAnalyzer : DiagnosticAnalyzer
{
    private const string NativeFolder = "Native";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.NativeFence];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSyntaxTreeAction(Check);
    }

    private static void Check(SyntaxTreeAnalysisContext context)
    {
        if (IsBehindFence(context.Tree.FilePath))
            return;
        SyntaxNode root = context.Tree.GetRoot(context.CancellationToken);
        foreach (SyntaxToken token in root.DescendantTokens())
        {
            bool isNative = token.IsKind(SyntaxKind.UnsafeKeyword) ||
                (token.IsKind(SyntaxKind.ExternKeyword) && token.Parent is not ExternAliasDirectiveSyntax);
            if (isNative)
                Report(context, token.GetLocation(), token.ValueText);
        }
        // A LibraryImport is `partial`: the `extern` stands in code that a generator makes.
        foreach (AttributeSyntax attribute in root.DescendantNodes().OfType<AttributeSyntax>())
        {
            if (Name(attribute.Name) is "LibraryImport" or "LibraryImportAttribute")
                Report(context, attribute.GetLocation(), "LibraryImport");
        }
    }

    private static void Report(SyntaxTreeAnalysisContext context, Location location, string what) =>
        context.ReportDiagnostic(Diagnostic.Create(Descriptors.NativeFence, location, what));

    private static bool IsBehindFence(string path) =>
        path.Split('/', '\\').Reverse().Skip(1).Contains(NativeFolder);

    private static string Name(NameSyntax name) => name switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax aliased => aliased.Name.Identifier.ValueText,
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        _ => "",
    };
}
