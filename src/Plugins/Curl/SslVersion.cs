// The value of ssl-version=. Not: which version a connection ends up with.

using NbdFast.Values;

namespace NbdFast.Plugins.Curl;

/// <summary>The lowest or highest version of TLS.</summary>
/// <param name="Number">A <c>CURL_SSLVERSION_</c>; those with "max" are in the upper 16 bits.</param>
public readonly record struct SslVersion(int Number) : IValue<SslVersion>
{
    private const int MaxShift = 16;

    /// <summary>Parses the names that the page lists.</summary>
    /// <exception cref="ConfigException">Anything else.</exception>
    public static SslVersion Parse(string value) => value switch
    {
        "default" => new(0),
        "tlsv1" => new(1),
        "sslv2" => new(2),
        "sslv3" => new(3),
        "tlsv1.0" => new(4),
        "tlsv1.1" => new(5),
        "tlsv1.2" => new(6),
        "tlsv1.3" => new(7),
        "max-default" => new(1 << MaxShift),
        "max-tlsv1.0" => new(4 << MaxShift),
        "max-tlsv1.1" => new(5 << MaxShift),
        "max-tlsv1.2" => new(6 << MaxShift),
        "max-tlsv1.3" => new(7 << MaxShift),
        _ => throw new ConfigException($"unknown ssl-version: {value}"),
    };
}
