// What allocates on the heap when it runs, as far as the source shows it. Not: where that matters (HotPathAnalyzer).

using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace NbdFast.Generators.Rules;

internal static class Allocations
{
    /// <summary>What the operation itself allocates, for the start of a sentence; null if nothing.</summary>
    public static string? Find(IOperation operation) => operation switch
    {
        IObjectCreationOperation { Type.IsReferenceType: true } creation => $"'new {creation.Type!.Name}'",
        ITypeParameterObjectCreationOperation { Type: not { IsValueType: true } } => "'new' of a type parameter",
        IAnonymousObjectCreationOperation => "An anonymous object",
        IWithOperation { Type.IsReferenceType: true } => "'with' on a class",
        IArrayCreationOperation array => OfArray(array),
        ICollectionExpressionOperation collection => OfCollection(collection),
        IConversionOperation conversion => IsBoxing(conversion) ? "Boxing" : null,
        IInterpolatedStringOperation text => IsMadeAtRunTime(text) ? "An interpolated string" : null,
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String } sum =>
            sum.ConstantValue.HasValue ? null : "A concatenation of strings",
        ICompoundAssignmentOperation { Type.SpecialType: SpecialType.System_String } => "A concatenation of strings",
        IInvocationOperation call => OfCall(call),
        IDelegateCreationOperation made => OfDelegate(made),
        IForEachLoopOperation loop => HasEnumeratorObject(loop) ? "The enumerator of 'foreach'" : null,
        IReturnOperation { Kind: OperationKind.YieldReturn } => "An iterator",
        _ => null,
    };

    private static string? OfArray(IArrayCreationOperation array)
    {
        if (array.IsImplicit)
        {
            // An empty list of `params` is a shared array.
            return array.Initializer is { ElementValues.Length: > 0 } ? "An array of 'params'" : null;
        }
        bool isData = IsConvertedToSpan(array) && array.Initializer != null &&
            array.Initializer.ElementValues.All(element => element.ConstantValue.HasValue);
        return isData ? null : "A new array";   // A span over constants lies in the program's file.
    }

    private static string? OfCollection(ICollectionExpressionOperation collection) =>
        collection.Type is { IsReferenceType: true } && collection.Elements.Length > 0
            ? "A collection expression"
            : null;

    private static string? OfCall(IInvocationOperation call) =>
        call.TargetMethod.ContainingType is { Name: "Enumerable", ContainingNamespace: { } space } &&
        space.ToDisplayString() == "System.Linq"
            ? "LINQ"
            : null;

    // A lambda without captures and a static method are turned into a delegate once and for all.
    private static string? OfDelegate(IDelegateCreationOperation made) => made.Target switch
    {
        IAnonymousFunctionOperation lambda => Captures(lambda) ? "A closure" : null,
        IMethodReferenceOperation { Method: { MethodKind: MethodKind.LocalFunction, IsStatic: false } } => "A closure",
        IMethodReferenceOperation { Instance: not null } => "A delegate",
        _ => null,
    };

    private static bool Captures(IAnonymousFunctionOperation lambda) =>
        lambda.Descendants().Any(inner => inner switch
        {
            IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } => true,
            ILocalReferenceOperation { Local: { IsConst: false } local } => IsDeclaredOutside(local, lambda),
            IParameterReferenceOperation { Parameter: var parameter } => IsDeclaredOutside(parameter, lambda),
            _ => false,
        });

    private static bool IsDeclaredOutside(ISymbol symbol, IAnonymousFunctionOperation lambda) =>
        !symbol.DeclaringSyntaxReferences.Any(declaration =>
            declaration.SyntaxTree == lambda.Syntax.SyntaxTree && lambda.Syntax.Span.Contains(declaration.Span));

    private static bool IsBoxing(IConversionOperation conversion) =>
        conversion.GetConversion().IsBoxing && !IsArgumentOfHasFlag(conversion);

    // The compilers that run this code turn Enum.HasFlag into a test of bits.
    private static bool IsArgumentOfHasFlag(IConversionOperation conversion) =>
        conversion.Parent is IArgumentOperation { Parent: IInvocationOperation call } &&
        call.TargetMethod is { Name: "HasFlag", ContainingType.SpecialType: SpecialType.System_Enum };

    private static bool IsMadeAtRunTime(IInterpolatedStringOperation text) =>
        !text.ConstantValue.HasValue && text.Parent is not IInterpolatedStringHandlerCreationOperation;

    private static bool IsConvertedToSpan(IOperation array) =>
        array.Parent is IConversionOperation { Type: { Name: "ReadOnlySpan" } span } &&
        span.ContainingNamespace.ToDisplayString() == "System";

    private static bool HasEnumeratorObject(IForEachLoopOperation loop)
    {
        ITypeSymbol? collection = (loop.Collection as IConversionOperation)?.Operand.Type ?? loop.Collection.Type;
        if (collection is IArrayTypeSymbol || collection?.SpecialType == SpecialType.System_String)
            return false;
        return loop.Syntax is CommonForEachStatementSyntax syntax &&
            loop.SemanticModel.GetForEachStatementInfo(syntax).GetEnumeratorMethod?.ReturnType.IsReferenceType == true;
    }
}
