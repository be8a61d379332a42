// Finds the operations that a connection's class overrides. Not: which class that is (ConnectionFinder).

using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using NbdFast.Generators.Model;

namespace NbdFast.Generators.Parsing;

internal static class OperationFinder
{
    private const string AsyncSuffix = "Async";

    /// <summary>The operations in the order of <c>NbdFast.Operations</c>.</summary>
    public static readonly string[] Names =
        ["Read", "Write", "Flush", "Trim", "Zero", "Extents", "Cache", "Lend", "LendForWrite"];

    /// <summary>The overrides of the class and of the author's classes below it; the API's own defaults do not
    /// count.</summary>
    public static EquatableArray<OverrideModel> Find(INamedTypeSymbol connection)
    {
        List<IMethodSymbol> methods = Overrides(connection).ToList();
        var found = new List<OverrideModel>();
        foreach (string operation in Names)
        {
            AddFirst(found, methods, operation, operation, isAsync: false);
            AddFirst(found, methods, operation, operation + AsyncSuffix, isAsync: true);
        }
        return EquatableArray<OverrideModel>.From(found);
    }

    /// <summary>Says whether a method has the name of an operation or of an async twin.</summary>
    public static bool IsOperationName(string name) =>
        Names.Contains(name) ||
        (name.EndsWith(AsyncSuffix, System.StringComparison.Ordinal) &&
         Names.Contains(name.Substring(0, name.Length - AsyncSuffix.Length)));

    private static void AddFirst(
        List<OverrideModel> found, List<IMethodSymbol> methods, string operation, string method, bool isAsync)
    {
        // The most derived class comes first, and its override is the one that runs.
        IMethodSymbol? symbol = methods.FirstOrDefault(candidate => candidate.Name == method);
        if (symbol != null)
            found.Add(new OverrideModel(operation, isAsync, TypeNames.NameForComment(symbol)));
    }

    private static IEnumerable<IMethodSymbol> Overrides(INamedTypeSymbol connection) =>
        from type in connection.WrittenByAuthor()
        from method in type.GetMembers().OfType<IMethodSymbol>()
        where method.IsOverride && TypeNames.RootOf(method).ContainingType.IsNamed(KnownNames.Link)
        select method;
}
