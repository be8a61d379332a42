// A plain stream socket as a wire. Not: encryption (TlsWire), making sockets (Listener).

using System;
using NbdFast.Native;

namespace NbdFast.Transport;

/// <summary>A connected stream socket: TCP, Unix or any other family.</summary>
internal sealed class SocketWire(int descriptor) : IWire
{
    private const int ReceivingEnd = 0;
    private const int BothEnds = 2;

    public nint Receive(Span<byte> buffer)
    {
        nint received;
        do
            received = Libc.Receive(descriptor, buffer, wait: true);
        while (received == -(nint)Errno.EINTR);
        return received;
    }

    public nint Receive(Span<byte> first, Span<byte> second)
    {
        nint received;
        do
            received = Libc.Receive(descriptor, first, second);
        while (received == -(nint)Errno.EINTR);
        return received;
    }

    public nint Send(GatherList list)
    {
        nint sent;
        do
            sent = Libc.Send(descriptor, list);
        while (sent == -(nint)Errno.EINTR);
        return sent;
    }

    public void StopReceiving() => Libc.ShutdownSocket(descriptor, ReceivingEnd);

    public void Abort() => Libc.ShutdownSocket(descriptor, BothEnds);

    public void Close()
    {
        Libc.ShutdownSocket(descriptor, BothEnds);
        Libc.Close(descriptor);
    }
}
