// \NAME: the values that were given names. Not: scopes, of which each keeps what it hides (Group).

using System;
using System.Collections.Generic;

namespace NbdFast.Plugins.Data.Language;

/// <summary>The names that can be used at the moment. However deep a scope lies, a name is found at once.</summary>
internal sealed class Names
{
    private readonly Dictionary<string, Value> _values = new(StringComparer.Ordinal);

    /// <summary>Finds a name.</summary>
    public Value? Find(string name) => _values.GetValueOrDefault(name);

    /// <summary>Gives a name to a value.</summary>
    /// <returns>What had the name before, or null.</returns>
    public Value? Define(string name, Value value)
    {
        Value? hidden = Find(name);
        _values[name] = value;
        return hidden;
    }

    /// <summary>Gives a name back to what had it before; to nothing, if that is null.</summary>
    public void Restore(string name, Value? hidden)
    {
        if (hidden == null)
            _values.Remove(name);
        else
            _values[name] = hidden;
    }
}
