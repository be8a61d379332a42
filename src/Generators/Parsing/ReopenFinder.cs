// Finds out whether a filter's connection replaces the layers below it. Not: whether that is allowed (NBDF011).

using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NbdFast.Generators.Parsing;

/// <summary>Source says it by a call of Reopen; an assembly by the constant that the generator left in the
/// filter.</summary>
internal static class ReopenFinder
{
    public const string Constant = "Reopens";
    private const string Method = "Reopen";

    public static bool Reopens(INamedTypeSymbol filter, INamedTypeSymbol connection) =>
        filter.GetMembers(Constant).OfType<IFieldSymbol>().Any(field => field.ConstantValue is true) ||
        connection.WrittenByAuthor().SelectMany(type => type.DeclaringSyntaxReferences).Any(CallsReopen);

    private static bool CallsReopen(SyntaxReference code) =>
        code.GetSyntax().DescendantNodes().OfType<InvocationExpressionSyntax>().Any(call => call.Expression switch
        {
            IdentifierNameSyntax name => name.Identifier.ValueText == Method,
            MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax or BaseExpressionSyntax } member =>
                member.Name.Identifier.ValueText == Method,
            _ => false,
        });
}
