// The value of http-version=. Not: which version a connection ends up with.

using NbdFast.Values;

namespace NbdFast.Plugins.Curl;

/// <summary>Which version of HTTP is spoken.</summary>
/// <param name="Number">A <c>CURL_HTTP_VERSION_</c>; 0 leaves it to client and server.</param>
public readonly record struct HttpVersion(int Number) : IValue<HttpVersion>
{
    /// <summary>Parses none, 1.0, 1.1, 2.0, 2TLS, 2-prior-knowledge, 3 or 3only.</summary>
    /// <exception cref="ConfigException">Anything else.</exception>
    public static HttpVersion Parse(string value) => value switch
    {
        "none" => new(0),
        "1.0" => new(1),
        "1.1" => new(2),
        "2.0" => new(3),
        "2TLS" => new(4),
        "2-prior-knowledge" => new(5),
        "3" => new(30),
        "3only" => new(31),
        _ => throw new ConfigException($"unknown http-version: {value}"),
    };
}
