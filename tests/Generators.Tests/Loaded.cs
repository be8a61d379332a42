// An assembly that a test compiled, loaded beside the test. Not: kept after the test.

using System;
using System.IO;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using NbdFast.Chain;

namespace NbdFast.Generators.Tests;

/// <summary>Calls the generated registries by reflection; what they hand out is used through the API.</summary>
internal sealed class Loaded : IDisposable
{
    private readonly AssemblyLoadContext _context = new(Compiled.AssemblyName, isCollectible: true);
    private readonly Assembly _assembly;

    public Loaded(Compilation compilation) =>
        _assembly = _context.LoadFromStream(new MemoryStream(Compiled.Emit(compilation)));

    public Type Type(string name) => _assembly.GetType(name, throwOnError: true)!;

    public Plugin? CreatePlugin(string name) => (Plugin?)Call("PluginRegistry", "Create", name);

    public Filter? CreateFilter(string name) => (Filter?)Call("FilterRegistry", "Create", name);

    public UnitTable? FindPlugin(string name) => (UnitTable?)Call("PluginRegistry", "Find", name);

    public object Names(string registry) =>
        Type($"{Compiled.AssemblyName}.{registry}").GetProperty("Names")!.GetValue(null)!;

    public FusedConnector Fused() =>
        Type($"{Compiled.AssemblyName}.FusedChainRegistry").GetMethod("Connect")!.CreateDelegate<FusedConnector>();

    public void Dispose() => _context.Unload();

    private object? Call(string registry, string method, string name) =>
        Type($"{Compiled.AssemblyName}.{registry}").GetMethod(method)!.Invoke(null, [name]);
}
