// Where a server listens. Not: that it does (RunningServer).

namespace NbdFast.Bench.EndToEnd.Servers;

/// <summary>A Unix socket or a TCP port.</summary>
/// <param name="Socket">The path of the Unix socket, empty for TCP.</param>
/// <param name="Port">The port on 127.0.0.1, 0 for a Unix socket.</param>
/// <param name="Export">The name of the export.</param>
internal sealed record Endpoint(string Socket, int Port, string Export)
{
    /// <summary>Not a Unix socket.</summary>
    public bool IsTcp => Port > 0;

    /// <summary>Clients use TLS.</summary>
    public bool IsTls { get; init; }

    /// <summary>The address as libnbd's tools take it. With TLS they do not look whose certificate it is: fio would not
    /// know, and it happens once for each connection.</summary>
    public string Uri => IsTls
        ? $"nbds+unix:///{Export}?socket={Socket}&tls-verify-peer=0"
        : IsTcp ? $"nbd://127.0.0.1:{Port}/{Export}" : $"nbd+unix:///{Export}?socket={Socket}";
}
