// The way bytes enter and leave the process on one connection. Not: what they mean.

using System;
using NbdFast.Native;

namespace NbdFast.Transport;

/// <summary>
/// One connection's bytes. One thread receives and one sends at a time; both may happen at once. A call is made per
/// batch of requests, never per request, so the interface costs nothing that can be measured.
/// </summary>
internal interface IWire
{
    /// <summary>A descriptor that becomes readable when bytes arrive, or -1 if only <see cref="Receive(Span{byte})"/>
    /// can tell.</summary>
    int Descriptor { get; }

    /// <summary>Bytes of files can be sent from where they lie.</summary>
    bool SendsFiles { get; }

    /// <summary>The client is on this machine, and bytes arrive as it hands them over.</summary>
    bool IsLocal => false;

    /// <summary>Receives what is there, waiting for at least one byte.</summary>
    /// <returns>The bytes received, 0 at the end of the stream, or the negated errno.</returns>
    nint Receive(Span<byte> buffer);

    /// <summary>Receives what is there.</summary>
    /// <returns>As <see cref="Receive(Span{byte})"/>; EAGAIN if nothing is there.</returns>
    nint ReceiveNow(Span<byte> buffer);

    /// <summary>Receives into <paramref name="first"/> and, once that is full, into
    /// <paramref name="second"/>.</summary>
    /// <returns>As <see cref="Receive(Span{byte})"/>.</returns>
    nint Receive(Span<byte> first, Span<byte> second);

    /// <summary>As <see cref="Receive(Span{byte}, Span{byte})"/>, of what is there; EAGAIN if nothing is.</summary>
    nint ReceiveNow(Span<byte> first, Span<byte> second) => ReceiveNow(first);

    /// <summary>Sends some of the list, waiting until at least one byte goes, without taking it off.</summary>
    /// <param name="list">What to send.</param>
    /// <param name="more">More follows at once: the last packet need not go before it is full.</param>
    /// <returns>The bytes sent, or the negated errno.</returns>
    nint Send(GatherList list, bool more);

    /// <summary>Sends as much of the list as goes at once.</summary>
    /// <returns>As <see cref="Send"/>; EAGAIN if nothing goes.</returns>
    nint SendNow(GatherList list);

    /// <summary>Sends bytes of a file, waiting until at least one goes. Only where <see cref="SendsFiles"/>.</summary>
    /// <returns>The bytes sent, 0 at the end of the file, or the negated errno.</returns>
    nint SendFile(int file, ulong offset, long count);

    /// <summary>Ends receiving: a thread that waits in it gets 0. Sending goes on.</summary>
    void StopReceiving();

    /// <summary>Ends both directions at once; threads that wait in them get an error.</summary>
    void Abort();

    /// <summary>Tells the peer that nothing more will come, and closes. Nobody may use the wire any more.</summary>
    void Close();
}
