// $VAR: parameters and environment variables as texts. Not: what is in them (Evaluation).

using System;
using System.Collections.Generic;
using System.Text;

namespace NbdFast.Plugins.Data.Language;

/// <summary>Finds variables: among the parameters of the command line first, then in the environment.</summary>
internal sealed class Variables
{
    private readonly Dictionary<string, byte[]> _parameters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Text> _checked = new(StringComparer.Ordinal);

    /// <summary>Adds a parameter; of several with the same name the first counts.</summary>
    public void Add(string name, byte[] text) => _parameters.TryAdd(name, text);

    /// <summary>Finds a variable.</summary>
    /// <param name="name">Without the $.</param>
    /// <returns>Its text, which is right in itself, or null: there is no such variable.</returns>
    /// <exception cref="ConfigException">There is a mistake in it.</exception>
    public Text? Find(string name)
    {
        if (_checked.TryGetValue(name, out Text? text))
            return text;
        byte[]? bytes = _parameters.GetValueOrDefault(name);
        if (bytes == null && Environment.GetEnvironmentVariable(name) is { } value)
            bytes = Encoding.UTF8.GetBytes(value);
        if (bytes == null)
            return null;
        text = new Text($"${name}", bytes);
        Grammar.Check(text);
        _checked.Add(name, text);
        return text;
    }
}
