// A connection that breaks off after so many bytes. Not: what the bytes are.

using System;
using System.IO;

namespace NbdFast.Testing;

/// <summary>Passes on some bytes of another end, and closes it before the next one.</summary>
/// <param name="below">The other end.</param>
/// <param name="sends">Bytes that may be sent.</param>
/// <param name="receives">Bytes that may be received.</param>
internal sealed class CutEnd(IClientEnd below, int sends, int receives) : IClientEnd
{
    private int _sendsLeft = sends;
    private int _receivesLeft = receives;

    /// <summary>How many bytes were sent.</summary>
    public int Sent { get; private set; }

    /// <summary>How many bytes were received.</summary>
    public int Received { get; private set; }

    public int Send(ReadOnlySpan<byte> bytes)
    {
        int sent = below.Send(bytes[..Allowed(_sendsLeft, bytes.Length)]);
        _sendsLeft -= sent;
        Sent += sent;
        return sent;
    }

    public int Receive(Span<byte> room)
    {
        int received = below.Receive(room[..Allowed(_receivesLeft, room.Length)]);
        _receivesLeft -= received;
        Received += received;
        return received;
    }

    public bool CanReceive(int withinMs) => below.CanReceive(withinMs);

    public bool CanSend(int withinMs) => below.CanSend(withinMs);

    public void EndSending() => below.EndSending();

    public void Dispose() => below.Dispose();

    private int Allowed(int left, int wanted)
    {
        if (left > 0)
            return Math.Min(left, wanted);
        below.Dispose();
        throw new IOException("cut");
    }
}
