// The value of ipresolve=. Not: resolving names.

using NbdFast.Values;

namespace NbdFast.Plugins.Curl;

/// <summary>Which addresses of a server are used.</summary>
/// <param name="Number">A <c>CURL_IPRESOLVE_</c>.</param>
public readonly record struct IpVersion(int Number) : IValue<IpVersion>
{
    /// <summary>Parses any, v4 or v6.</summary>
    /// <exception cref="ConfigException">Anything else.</exception>
    public static IpVersion Parse(string value) => value switch
    {
        "any" => new(0),
        "v4" => new(1),
        "v6" => new(2),
        _ => throw new ConfigException($"unknown ipresolve: {value} (use any, v4 or v6)"),
    };
}
