// The value of mode=. Not: what the modes tell (InfoMode).

using NbdFast.Values;

namespace NbdFast.Plugins.Info;

/// <summary>The name of a mode.</summary>
public readonly record struct InfoModeName : IValue<InfoModeName>
{
    private InfoModeName(InfoMode mode) => Mode = mode;

    /// <summary>The mode.</summary>
    internal InfoMode Mode { get; }

    /// <summary>Parses the name, in lower or upper case.</summary>
    /// <exception cref="ConfigException">There is no such mode.</exception>
    public static InfoModeName Parse(string value) => new(value.ToUpperInvariant() switch
    {
        "EXPORTNAME" or "EXPORT-NAME" => InfoMode.ExportName,
        "BASE64EXPORTNAME" or "BASE64-EXPORT-NAME" => InfoMode.Base64ExportName,
        "ADDRESS" => InfoMode.Address,
        "TIME" => InfoMode.Time,
        "UPTIME" => InfoMode.Uptime,
        "CONNTIME" => InfoMode.ConnTime,
        "VERSION" => InfoMode.Version,
        _ => throw new ConfigException($"unknown mode: '{value}'"),
    });
}
