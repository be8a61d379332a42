// Finds the class that carries a unit's operations. Not: the operations (OperationFinder).

using System.Linq;
using Microsoft.CodeAnalysis;

namespace NbdFast.Generators.Parsing;

internal static class ConnectionFinder
{
    /// <summary>The class that a plugin's Open returns if that says more than Link; else the plugin itself.</summary>
    public static INamedTypeSymbol OfPlugin(INamedTypeSymbol plugin)
    {
        IMethodSymbol? open = plugin.WrittenByAuthor()
            .SelectMany(type => type.GetMembers("Open").OfType<IMethodSymbol>())
            .FirstOrDefault(method => method.IsOverride);
        return open?.ReturnType is INamedTypeSymbol returned && !returned.IsNamed(KnownNames.Link) &&
            returned.DerivesFrom(KnownNames.Link)
            ? returned
            : plugin;
    }

    /// <summary>A filter's nested <c>Connection&lt;TNext&gt;</c>, or null.</summary>
    public static INamedTypeSymbol? OfFilter(INamedTypeSymbol filter) =>
        filter.GetTypeMembers(KnownNames.ConnectionClass, 1).FirstOrDefault();
}
