// The raw client's TLS. Not: the cipher (Native/TlsPeer).

using System;
using System.IO;
using System.Linq;
using NbdFast.Testing.Native;

namespace NbdFast.Testing;

public sealed partial class RawClient
{
    /// <summary>The priority string where a test does not care.</summary>
    public const string AnyTls = "NORMAL:+ECDHE-PSK:+DHE-PSK:+PSK";

    private CutEnd? _cut;

    /// <summary>Protocol and ciphers, once TLS has begun.</summary>
    public string TlsDescription => Peer.Description;

    /// <summary>The certificate that the server showed, byte by byte.</summary>
    public string ServerCertificate => Peer.Certificate;

    private TlsPeer Peer => ((TlsEnd)_end).Peer;

    /// <summary>Asks for TLS and shakes hands.</summary>
    /// <param name="credentials">A folder with a client's certificate, or FILE with the key of alice, or null.</param>
    /// <param name="priority">The priority string.</param>
    /// <param name="user">Whose key of the file.</param>
    /// <param name="serverName">The name of the server that is wanted, or null.</param>
    /// <exception cref="IOException">The handshake failed.</exception>
    public void StartTls(
        string? credentials = null, string priority = AnyTls, string user = "alice", string? serverName = null)
    {
        Expect(NbdWire.ReplyAck, Option(NbdWire.OptStartTls, []).Single().Type);
        ShakeHands(credentials, priority, user, serverName);
    }

    /// <summary>Shakes hands; the server has agreed to TLS already.</summary>
    public void ShakeHands(
        string? credentials = null, string priority = AnyTls, string user = "alice", string? serverName = null)
    {
        string? key = credentials == null || Directory.Exists(credentials) ? null : KeyOf(user, credentials);
        TlsPeer peer = key == null
            ? new TlsPeer(_end, priority, null, null, credentials, serverName)
            : new TlsPeer(_end, priority, user, key, null, serverName);
        _end = new TlsEnd(_end, peer);
    }

    /// <summary>Changes the keys of both directions (TLS 1.3).</summary>
    public void UpdateKeys() => Peer.UpdateKeys();

    /// <summary>Asks for another handshake (TLS 1.2).</summary>
    /// <returns>Whether the server agreed.</returns>
    public bool Renegotiate() => Peer.Renegotiate() == 0;

    /// <summary>From now on the connection breaks off after so many bytes.</summary>
    public void CutAfter(int sent, int received) => _end = _cut = new CutEnd(_end, sent, received);

    /// <summary>The bytes that have passed since <see cref="CutAfter"/>.</summary>
    public (int Sent, int Received) Passed => (_cut!.Sent, _cut.Received);

    private static string KeyOf(string user, string file) =>
        File.ReadLines(file).Single(line => line.StartsWith(user + ":", StringComparison.Ordinal))[(user.Length + 1)..];
}
