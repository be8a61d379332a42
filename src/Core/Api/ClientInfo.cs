// What is known of the client of a connection. Not: what it negotiated about the protocol (Server/ConnectionState).

using System;
using System.Threading;

namespace NbdFast;

/// <summary>The client of a connection: where it comes from, who it is, and the way to drop it.</summary>
public sealed class ClientInfo
{
    private Action<bool>? _disconnect;

    /// <summary>The connection's number in this process, from 1 on; shown in messages as <c>plugin[N]</c>.</summary>
    public int ConnectionNumber { get; init; }

    /// <summary>The address as text ("127.0.0.1:40962", "unix"), or null if unknown (nbdkit_peer_name(3)).</summary>
    public string? PeerName { get; init; }

    /// <summary>The raw socket address, a <c>struct sockaddr</c>; empty if unknown.</summary>
    public ReadOnlyMemory<byte> PeerAddress { get; init; }

    /// <summary>The process at the other end of a Unix socket, or null (nbdkit_peer_pid(3)).</summary>
    public int? PeerProcessId { get; init; }

    /// <summary>The user at the other end of a Unix socket, or null (nbdkit_peer_uid(3)).</summary>
    public uint? PeerUserId { get; init; }

    /// <summary>The group at the other end of a Unix socket, or null (nbdkit_peer_gid(3)).</summary>
    public uint? PeerGroupId { get; init; }

    /// <summary>The security context at the other end, or null (nbdkit_peer_security_context(3)).</summary>
    public string? PeerSecurityContext { get; init; }

    /// <summary>The connection is encrypted (nbdkit_is_tls(3)).</summary>
    public bool IsTls { get; set; }

    /// <summary>The distinguished name of the client's certificate, or null (nbdkit_peer_tls_dn(3)).</summary>
    public string? TlsDistinguishedName { get; set; }

    /// <summary>The distinguished name of that certificate's issuer, or null (nbdkit_peer_tls_issuer_dn(3)).</summary>
    public string? TlsIssuerDistinguishedName { get; set; }

    /// <summary>The server was started read-only (<c>-r</c>).</summary>
    public bool ServerIsReadOnly { get; init; }

    /// <summary>The export that the client negotiated; "" before that and for the default export
    /// (nbdkit_export_name(3)).</summary>
    public string ExportName { get; set; } = "";

    /// <summary>Ends this connection (nbdkit_disconnect(3)).</summary>
    /// <param name="force">True: at once. False: new requests get ESHUTDOWN, those under way are finished.</param>
    public void Disconnect(bool force) => Volatile.Read(ref _disconnect)?.Invoke(force);

    internal void OnDisconnect(Action<bool> disconnect) => Volatile.Write(ref _disconnect, disconnect);
}
