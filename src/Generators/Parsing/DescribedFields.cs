// Reads off the source of Describe which fields of ExportInfo it sets. Not: their values.

using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NbdFast.Generators.Parsing;

/// <summary>nbdkit has a callback for each capability; here one method, Describe, assigns them all. A method to which
/// Describe hands the description on counts as well.</summary>
internal static class DescribedFields
{
    private static readonly Dictionary<string, string> CallbackOfField = new()
    {
        ["Description"] = "export_description",
        ["Size"] = "get_size",
        ["BlockMinimum"] = "block_size",
        ["BlockPreferred"] = "block_size",
        ["BlockMaximum"] = "block_size",
        ["CanWrite"] = "can_write",
        ["CanFlush"] = "can_flush",
        ["Rotational"] = "is_rotational",
        ["CanTrim"] = "can_trim",
        ["Zero"] = "can_zero",
        ["CanFastZero"] = "can_fast_zero",
        ["CanExtents"] = "can_extents",
        ["Fua"] = "can_fua",
        ["MultiConn"] = "can_multi_conn",
        ["Cache"] = "can_cache",
    };

    /// <summary>Pairs of a callback's name and the assignment it comes from.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Find(INamedTypeSymbol connection)
    {
        foreach (IMethodSymbol method in connection.WrittenByAuthor().SelectMany(Methods))
        {
            IParameterSymbol? info = method.Parameters.FirstOrDefault(
                parameter => parameter.RefKind == RefKind.Ref && parameter.Type.IsNamed(KnownNames.ExportInfo));
            if (info == null)
                continue;
            foreach (string field in method.DeclaringSyntaxReferences.SelectMany(code => Assigned(code, info.Name)))
            {
                if (CallbackOfField.TryGetValue(field, out string? callback))
                    yield return new(callback, $"{TypeNames.NameForComment(method)}, {info.Name}.{field}");
            }
        }
    }

    private static IEnumerable<IMethodSymbol> Methods(INamedTypeSymbol type) =>
        type.GetMembers().OfType<IMethodSymbol>();

    private static IEnumerable<string> Assigned(SyntaxReference code, string parameter) =>
        from assignment in code.GetSyntax().DescendantNodes().OfType<AssignmentExpressionSyntax>()
        let target = assignment.Left as MemberAccessExpressionSyntax
        where target?.Expression is IdentifierNameSyntax name && name.Identifier.ValueText == parameter
        select target.Name.Identifier.ValueText;
}
