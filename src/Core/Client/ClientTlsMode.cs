// Whether a connection to another server is encrypted. Not: with what (ClientTls).

using System;
using NbdFast.Values;

namespace NbdFast.Client;

/// <summary>The wish for TLS ("tls" in nbdkit-nbd-plugin(1)).</summary>
public readonly record struct ClientTlsMode : IValue<ClientTlsMode>
{
    private ClientTlsMode(bool isWanted, bool isRequired) => (IsWanted, IsRequired) = (isWanted, isRequired);

    /// <summary>TLS is asked for.</summary>
    public bool IsWanted { get; }

    /// <summary>There is no connection without.</summary>
    public bool IsRequired { get; }

    /// <summary>No TLS.</summary>
    public static ClientTlsMode Off => default;

    /// <summary>TLS if the server has it.</summary>
    public static ClientTlsMode On => new(true, false);

    /// <summary>TLS or nothing.</summary>
    public static ClientTlsMode Require => new(true, true);

    /// <summary>"require", or a boolean.</summary>
    /// <exception cref="ConfigException">It is neither.</exception>
    public static ClientTlsMode Parse(string value) =>
        value.Equals("require", StringComparison.OrdinalIgnoreCase)
            ? Require
            : Parsers.ParseBool(value) ? On : Off;

    /// <summary>As it is written.</summary>
    public override string ToString() => IsRequired ? "require" : IsWanted ? "on" : "off";
}
