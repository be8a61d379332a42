// A plain stream socket as a wire. Not: encryption (TlsWire), making sockets (Listener).

using System;
using NbdFast.Native;

namespace NbdFast.Transport;

/// <summary>A connected stream socket: TCP, Unix or any other family.</summary>
/// <param name="descriptor">The socket.</param>
/// <param name="isLocal">It is a Unix socket.</param>
internal sealed class SocketWire(int descriptor, bool isLocal = false) : IWire
{
    private const int ReceivingEnd = 0;
    private const int SendingEnd = 1;
    private const int BothEnds = 2;
    private const int DroppedAtOnceBytes = 16 << 10;
    private const int PatienceMs = 200;

    public int Descriptor => descriptor;

    public bool SendsFiles => true;

    public bool IsLocal => isLocal;

    public nint Receive(Span<byte> buffer)
    {
        nint received;
        do
            received = Libc.Receive(descriptor, buffer, wait: true);
        while (received == -(nint)Errno.EINTR);
        return received;
    }

    public nint ReceiveNow(Span<byte> buffer) => Libc.Receive(descriptor, buffer, wait: false);

    public nint Receive(Span<byte> first, Span<byte> second)
    {
        nint received;
        do
            received = Libc.Receive(descriptor, first, second, wait: true);
        while (received == -(nint)Errno.EINTR);
        return received;
    }

    public nint ReceiveNow(Span<byte> first, Span<byte> second) =>
        Libc.Receive(descriptor, first, second, wait: false);

    public nint Send(GatherList list, bool more)
    {
        nint sent;
        do
            sent = Libc.Send(descriptor, list, wait: true, more);
        while (sent == -(nint)Errno.EINTR);
        return sent;
    }

    public nint SendNow(GatherList list) => Libc.Send(descriptor, list, wait: false, more: false);

    public nint SendFile(int file, ulong offset, long count)
    {
        nint sent;
        do
            sent = Libc.SendFile(descriptor, file, offset, count);
        while (sent == -(nint)Errno.EINTR);
        return sent;
    }

    public void StopReceiving() => Libc.ShutdownSocket(descriptor, ReceivingEnd);

    public void Abort() => Libc.ShutdownSocket(descriptor, BothEnds);

    public void Close()
    {
        Libc.ShutdownSocket(descriptor, SendingEnd);
        DropUnread();
        Libc.Close(descriptor);
    }

    // TCP resets a connection that is closed with bytes unread, and a reset overtakes the last replies. So a client
    // that is still sending gets a moment to see that the server is done.
    private void DropUnread()
    {
        Span<byte> dropped = stackalloc byte[DroppedAtOnceBytes];
        Span<bool> ready = stackalloc bool[1];
        if (Libc.Receive(descriptor, dropped, wait: false) <= 0)
            return;
        long end = Environment.TickCount64 + PatienceMs;
        for (long left = PatienceMs; left > 0; left = end - Environment.TickCount64)
        {
            bool more = Libc.PollForReading([descriptor], ready, (int)left) > 0;
            if (!more || Libc.Receive(descriptor, dropped, wait: false) <= 0)
                return;
        }
    }
}
