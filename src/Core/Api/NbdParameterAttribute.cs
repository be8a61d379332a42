// Declares a parameter of the command line to the generator. Not: how its text is parsed (Api/Values).

using System;

namespace NbdFast;

/// <summary>
/// Declares a property as the <c>key=value</c> parameter of a unit. The property's type is the parser: <c>string</c>,
/// <c>bool</c>, an integer type, an enum (names in lower case, words joined by dashes), a type of <c>NbdFast.Values</c>
/// or any type with <c>static T Parse(string)</c>, each of them nullable, or <c>List&lt;T&gt;</c> of these for a key
/// that may be repeated.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NbdParameterAttribute : Attribute
{
    /// <summary>Declares a parameter.</summary>
    /// <param name="key">Begins with a letter, goes on with letters, digits, periods, underscores, dashes.</param>
    public NbdParameterAttribute(string key) => Key = key;

    /// <summary>The key on the command line.</summary>
    public string Key { get; }

    /// <summary>A bare argument is a value of this key. One parameter of a plugin at most.</summary>
    public bool Magic { get; set; }

    /// <summary>The unit does not start without it.</summary>
    public bool Required { get; set; }

    /// <summary>Lines for <c>--help</c>.</summary>
    public string? Help { get; set; }

    /// <summary>How the value is named in help, as <c>SIZE</c> in <c>size=&lt;SIZE&gt;</c>; by default the key in upper
    /// case.</summary>
    public string? ValueName { get; set; }
}
