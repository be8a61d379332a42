// Where the running server can be reached. Not: where it was told to listen (Transport/ListenAddress).

namespace NbdFast.Cli;

/// <summary>The endpoint that clients are told of.</summary>
/// <param name="Uri">Its NBD URI.</param>
/// <param name="Port">The true TCP port, or null.</param>
/// <param name="SocketPath">The Unix socket, or null.</param>
internal sealed record Endpoint(string Uri, int? Port, string? SocketPath);
