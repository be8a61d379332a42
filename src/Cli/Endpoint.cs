// Where the running server can be reached. Not: where it was told to listen (Transport/ListenAddress).

using System.Collections.Generic;

namespace NbdFast.Cli;

/// <summary>What clients are told of.</summary>
/// <param name="Uris">The NBD URI of each socket; the first is the one to use where only one can be told.</param>
/// <param name="Port">The true TCP or vsock port, or null.</param>
/// <param name="SocketPath">The Unix socket, or null.</param>
internal sealed record Endpoint(IReadOnlyList<string> Uris, uint? Port, string? SocketPath)
{
    /// <summary>With one URI.</summary>
    public Endpoint(string uri, uint? port, string? socketPath) : this([uri], port, socketPath)
    {
    }

    /// <summary>The URI to use.</summary>
    public string Uri => Uris[0];
}
