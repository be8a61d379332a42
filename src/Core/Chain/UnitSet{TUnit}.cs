// The units of one assembly and one kind. Not: what kinds there are (Plugin, Filter).

using System;
using System.Collections.Generic;

namespace NbdFast.Chain;

/// <summary>The units of one kind of one assembly, and how they are made.</summary>
/// <typeparam name="TUnit"><see cref="Plugin"/> or <see cref="Filter"/>.</typeparam>
public sealed class UnitSet<TUnit> : UnitSet where TUnit : class
{
    private readonly Func<string, TUnit?> _create;

    /// <summary>Called by generated code.</summary>
    /// <param name="names">The units' names, sorted.</param>
    /// <param name="create">Makes the unit of a name, or answers null for a name it does not know.</param>
    /// <param name="find">What is known of the unit of a name, or null.</param>
    public UnitSet(IReadOnlyList<string> names, Func<string, TUnit?> create, Func<string, UnitTable?> find)
        : base(names, find) => _create = create;

    /// <summary>Makes the unit of that name, or answers null if there is none.</summary>
    public TUnit? Create(string name) => _create(name);
}
