// The rules about code that runs for each request: NBDF021 and 022. Not: what counts as an allocation (Allocations).

using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using NbdFast.Generators.Parsing;

namespace NbdFast.Generators.Rules;

/// <summary>
/// Walks the bodies of members with [HotPath], and of all members of types with it. What such a body calls is not
/// followed: it carries the attribute itself, or it is the cold way out. Cold by themselves, and so left out, are the
/// arguments of <c>NbdFast.Log</c>, of methods that do not return, and of conditional ones as <c>Debug.Assert</c>.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HotPathAnalyzer : DiagnosticAnalyzer
{
    private const string DoesNotReturn = "System.Diagnostics.CodeAnalysis.DoesNotReturnAttribute";
    private const string Conditional = "System.Diagnostics.ConditionalAttribute";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        [Descriptors.HotPathAllocation, Descriptors.HotPathThrow];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterOperationBlockAction(CheckBody);
    }

    private static void CheckBody(OperationBlockAnalysisContext context)
    {
        if (context.OwningSymbol is not IMethodSymbol method || !IsHot(method))
            return;
        if (method.IsAsync)
            Report(context, method.Locations[0], "An async method");
        // An attribute's arguments are a block of their own; nothing of them runs here.
        foreach (IOperation block in context.OperationBlocks.Where(block => block is not IAttributeOperation))
            Walk(context, block);
    }

    private static void Walk(OperationBlockAnalysisContext context, IOperation operation)
    {
        if (operation is IThrowOperation)
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.HotPathThrow, operation.Syntax.GetLocation()));
            return;   // What is thrown allocates; one message is enough.
        }
        if (!IsKept(operation) && Allocations.Find(operation) is { } what)
            Report(context, operation.Syntax.GetLocation(), what);
        if (operation is IAnonymousFunctionOperation || IsCold(operation))
            return;
        foreach (IOperation child in operation.ChildOperations)
            Walk(context, child);
    }

    private static void Report(OperationBlockAnalysisContext context, Location location, string what) =>
        context.ReportDiagnostic(Diagnostic.Create(Descriptors.HotPathAllocation, location, what));

    private static bool IsHot(IMethodSymbol method) =>
        Has(method, KnownNames.HotPathAttribute) ||
        (method.AssociatedSymbol != null && Has(method.AssociatedSymbol, KnownNames.HotPathAttribute)) ||
        (method.MethodKind != MethodKind.StaticConstructor && Has(method.ContainingType, KnownNames.HotPathAttribute));

    // `??=` makes what it assigns on first use and keeps it: a request pays for it once in a connection's life.
    private static bool IsKept(IOperation operation) =>
        operation.Parent is ICoalesceAssignmentOperation kept && kept.Value == operation;

    private static bool IsCold(IOperation operation) =>
        operation is IInvocationOperation { TargetMethod: var target } &&
        (target.ContainingType.IsNamed(KnownNames.Log) || Has(target, DoesNotReturn) || Has(target, Conditional));

    private static bool Has(ISymbol symbol, string attribute) =>
        symbol.GetAttributes().Any(candidate => candidate.AttributeClass?.IsNamed(attribute) == true);
}
