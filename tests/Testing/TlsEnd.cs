// The client's end of an encrypted connection. Not: the cipher (Native/TlsPeer).

using System;
using NbdFast.Testing.Native;

namespace NbdFast.Testing;

/// <summary>Encrypts what goes over another end.</summary>
internal sealed class TlsEnd(IClientEnd below, TlsPeer peer) : IClientEnd
{
    /// <summary>The session.</summary>
    public TlsPeer Peer => peer;

    public int Send(ReadOnlySpan<byte> bytes) => peer.Send(bytes);

    public int Receive(Span<byte> room) => peer.Receive(room);

    public bool CanReceive(int withinMs) => peer.Pending > 0 || below.CanReceive(withinMs);

    public bool CanSend(int withinMs) => below.CanSend(withinMs);

    public void EndSending()
    {
        peer.SayBye();
        below.EndSending();
    }

    public void Dispose()
    {
        peer.Dispose();
        below.Dispose();
    }
}
