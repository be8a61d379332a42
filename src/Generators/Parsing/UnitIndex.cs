// Finds units by name in a compilation and the assemblies it refers to. Not: parsing them (UnitParser).

using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace NbdFast.Generators.Parsing;

/// <summary>The classes with [NbdPlugin] or [NbdFilter], for those who know a unit by its name only.</summary>
internal sealed class UnitIndex
{
    private readonly Dictionary<string, INamedTypeSymbol> _plugins = [];
    private readonly Dictionary<string, INamedTypeSymbol> _filters = [];

    public UnitIndex(Compilation compilation, CancellationToken cancel)
    {
        IAssemblySymbol? api = compilation.GetTypeByMetadataName(KnownNames.PluginAttribute)?.ContainingAssembly;
        Add(compilation.Assembly.GlobalNamespace, cancel);
        foreach (IAssemblySymbol assembly in compilation.SourceModule.ReferencedAssemblySymbols)
        {
            // An assembly that does not know the API has no units: most of them are the runtime's.
            if (api != null && assembly.Modules.Any(module => module.ReferencedAssemblies.Contains(api.Identity)))
                Add(assembly.GlobalNamespace, cancel);
        }
    }

    public INamedTypeSymbol? Plugin(string name) =>
        _plugins.TryGetValue(name, out INamedTypeSymbol? type) ? type : null;

    public INamedTypeSymbol? Filter(string name) =>
        _filters.TryGetValue(name, out INamedTypeSymbol? type) ? type : null;

    private void Add(INamespaceSymbol space, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        foreach (INamedTypeSymbol type in space.GetTypeMembers())
            Add(type);
        foreach (INamespaceSymbol inner in space.GetNamespaceMembers())
            Add(inner, cancel);
    }

    private void Add(INamedTypeSymbol type)
    {
        foreach (AttributeData attribute in type.GetAttributes())
        {
            Dictionary<string, INamedTypeSymbol>? units =
                attribute.AttributeClass?.IsNamed(KnownNames.PluginAttribute) == true ? _plugins :
                attribute.AttributeClass?.IsNamed(KnownNames.FilterAttribute) == true ? _filters :
                null;
            if (units != null && attribute.ConstructorArguments[0].Value is string name && !units.ContainsKey(name))
                units.Add(name, type);
        }
    }
}
