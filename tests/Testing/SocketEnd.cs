// The client's end of a socket. Not: the protocol (RawClient).

using System;
using System.Net;
using System.Net.Sockets;

namespace NbdFast.Testing;

/// <summary>A connected socket.</summary>
internal sealed class SocketEnd : IClientEnd
{
    private const int PatienceMs = 30_000;

    private readonly Socket _socket;

    /// <summary>Connects.</summary>
    public SocketEnd(Socket socket, EndPoint address)
    {
        _socket = socket;
        _socket.ReceiveTimeout = PatienceMs;
        _socket.SendTimeout = PatienceMs;
        _socket.Connect(address);
    }

    public int Send(ReadOnlySpan<byte> bytes) => _socket.Send(bytes);

    public int Receive(Span<byte> room) => _socket.Receive(room);

    public bool CanReceive(int withinMs) => _socket.Poll(TimeSpan.FromMilliseconds(withinMs), SelectMode.SelectRead);

    public bool CanSend(int withinMs) => _socket.Poll(TimeSpan.FromMilliseconds(withinMs), SelectMode.SelectWrite);

    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    public void Dispose() => _socket.Dispose();
}
