// The units of one assembly, as a value that can be handed to a program. Not: finding a unit among several assemblies
// (the command line program).

using System;
using System.Collections.Generic;

namespace NbdFast.Chain;

/// <summary>The plugins or the filters of one assembly. Generated code has one of each: <c>PluginRegistry.All</c>,
/// <c>FilterRegistry.All</c>.</summary>
public abstract class UnitSet
{
    private readonly Func<string, UnitTable?> _find;

    // The kinds are those below.
    private protected UnitSet(IReadOnlyList<string> names, Func<string, UnitTable?> find)
    {
        Names = names;
        _find = find;
    }

    /// <summary>The units' names, sorted.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>What is known of the unit of that name, or null if there is none.</summary>
    public UnitTable? Find(string name) => _find(name);
}
