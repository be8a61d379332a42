// Questions about types that are asked in several places of parsing. Not: questions about units.

using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace NbdFast.Generators.Parsing;

internal static class TypeNames
{
    /// <summary>Full names with <c>global::</c> and without nullable annotations.</summary>
    public static readonly SymbolDisplayFormat Qualified = SymbolDisplayFormat.FullyQualifiedFormat;

    /// <summary>Says whether the type, or for a generic one its definition, has that full name.</summary>
    public static bool IsNamed(this ITypeSymbol type, string fullName) =>
        type.OriginalDefinition.ToDisplayString() == fullName;

    /// <summary>The type and its base types, the type first.</summary>
    public static IEnumerable<INamedTypeSymbol> SelfAndBases(this INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type; current != null; current = current.BaseType)
            yield return current;
    }

    public static bool DerivesFrom(this INamedTypeSymbol type, string fullName)
    {
        foreach (INamedTypeSymbol current in type.SelfAndBases())
        {
            if (current.IsNamed(fullName))
                return true;
        }
        return false;
    }

    /// <summary>The classes that an author wrote: from the type up to, and without, the API's own base class.</summary>
    public static IEnumerable<INamedTypeSymbol> WrittenByAuthor(this INamedTypeSymbol type)
    {
        foreach (INamedTypeSymbol current in type.SelfAndBases())
        {
            if (current.SpecialType == SpecialType.System_Object || current.IsNamed(KnownNames.Link) ||
                current.IsNamed(KnownNames.Plugin) || current.IsNamed(KnownNames.Filter) ||
                current.IsNamed(KnownNames.FilterConnection))
            {
                yield break;
            }
            yield return current;
        }
    }

    /// <summary>The first declaration of an overridden member.</summary>
    public static IMethodSymbol RootOf(IMethodSymbol method)
    {
        while (method.OverriddenMethod != null)
            method = method.OverriddenMethod;
        return method;
    }

    /// <summary>A member as a comment names it: <c>OffsetFilter.Connection.Read</c>.</summary>
    public static string NameForComment(ISymbol member)
    {
        string name = member.Name;
        for (INamedTypeSymbol? type = member.ContainingType; type != null; type = type.ContainingType)
            name = $"{type.Name}.{name}";
        return name;
    }
}
