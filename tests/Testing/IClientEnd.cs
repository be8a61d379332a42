// The client's end of a connection, as the raw client needs it. Not: the server's (IWire).

using System;
using System.IO;

namespace NbdFast.Testing;

/// <summary>Bytes to and from a server. Waits have an end: a server that says nothing fails a test.</summary>
internal interface IClientEnd : IDisposable
{
    /// <summary>Sends as much as goes at once, at least one byte.</summary>
    /// <exception cref="IOException">The server closed the connection.</exception>
    int Send(ReadOnlySpan<byte> bytes);

    /// <summary>Receives what is there, waiting for at least one byte; 0 at the end.</summary>
    int Receive(Span<byte> room);

    /// <summary>Something can be received within a time in milliseconds, or the end.</summary>
    bool CanReceive(int withinMs);

    /// <summary>Something can be sent within a time in milliseconds.</summary>
    bool CanSend(int withinMs);

    /// <summary>Says that nothing more will be sent.</summary>
    void EndSending();
}
