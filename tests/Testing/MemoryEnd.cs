// The client's end of a connection in memory. Not: the protocol (RawClient).

using System;
using System.IO;

namespace NbdFast.Testing;

/// <summary>One end of a memory wire, with the patience of a test.</summary>
internal sealed class MemoryEnd(MemoryWire wire) : IClientEnd
{
    private const int PatienceMs = 30_000;

    public int Send(ReadOnlySpan<byte> bytes)
    {
        if (!wire.WaitToSend(PatienceMs))
            throw new TimeoutException("the server takes nothing");
        nint sent = wire.Send(bytes);
        return sent > 0 ? (int)sent : throw new IOException($"send: {(Errno)(int)-sent}");
    }

    public int Receive(Span<byte> room) => wire.WaitToReceive(PatienceMs)
        ? (int)wire.Receive(room)
        : throw new TimeoutException("the server sends nothing");

    public bool CanReceive(int withinMs) => wire.WaitToReceive(withinMs);

    public bool CanSend(int withinMs) => wire.WaitToSend(withinMs);

    public void EndSending() => wire.StopSending();

    public void Dispose() => wire.Close();
}
