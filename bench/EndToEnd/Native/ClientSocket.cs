// The calls that a client needs and a server does not: connect, discard, send without waiting. Not: when to call them.

using System;
using System.Runtime.InteropServices;
using NbdFast.Native;

namespace NbdFast.Bench.EndToEnd.Native;

/// <summary>Client sockets as descriptors, besides what <see cref="Libc"/> has.</summary>
internal static unsafe class ClientSocket
{
    private const int NoSignal = 0x4000;    // MSG_NOSIGNAL
    private const int DontWait = 0x40;      // MSG_DONTWAIT
    private const int Truncate = 0x20;      // MSG_TRUNC: a TCP socket drops the bytes instead of copying them.
    private const int SocketLevel = 1;      // SOL_SOCKET
    private const int ReceiveTimeout = 20;  // SO_RCVTIMEO
    private const int TcpLevel = 6;
    private const int TcpNoDelay = 1;

    private static ReadOnlySpan<byte> Localhost => [127, 0, 0, 1];

    /// <summary>Connects to a Unix socket.</summary>
    /// <returns>The descriptor, or the negated errno.</returns>
    public static int ConnectUnix(string path) => Connect(Libc.AfUnix, SocketAddress.OfUnix(path));

    /// <summary>Connects to a port of 127.0.0.1, without Nagle's delay.</summary>
    /// <returns>The descriptor, or the negated errno.</returns>
    public static int ConnectTcp(int port)
    {
        byte[] address = new byte[16];
        MemoryMarshal.Write(address, (ushort)Libc.AfInet);
        SocketAddress.SetPort(address, port);
        Localhost.CopyTo(address.AsSpan(4));
        int descriptor = Connect(Libc.AfInet, address);
        if (descriptor >= 0)
            _ = Libc.SetSocketOption(descriptor, TcpLevel, TcpNoDelay, 1);   // It is slower then, and still right.
        return descriptor;
    }

    /// <summary>Lets a receive that waits fail with EAGAIN after some seconds.</summary>
    public static Errno LimitWaiting(int descriptor, int seconds)
    {
        long* time = stackalloc long[] { seconds, 0 };
        return setsockopt(descriptor, SocketLevel, ReceiveTimeout, time, 16) == 0
            ? Errno.Ok
            : (Errno)Marshal.GetLastSystemError();
    }

    /// <summary>Drops bytes that arrived on a TCP socket without copying them.</summary>
    /// <returns>How many, 0 at the end, or the negated errno.</returns>
    public static nint Discard(int descriptor, int count, bool wait) =>
        Result(recv(descriptor, null, (nuint)count, Truncate | (wait ? 0 : DontWait)));

    /// <summary>Sends what the socket takes at once.</summary>
    /// <returns>The bytes sent, or the negated errno; EAGAIN if it takes nothing now.</returns>
    public static nint SendAtOnce(int descriptor, GatherList list)
    {
        MessageHeader message = default;
        message.Vectors = list.Start;
        message.VectorCount = (nuint)list.Count;
        return Result(sendmsg(descriptor, &message, NoSignal | DontWait));
    }

    private static int Connect(int family, byte[] address)
    {
        int descriptor = Libc.Socket(family);
        if (descriptor < 0)
            return descriptor;
        nint result;
        fixed (byte* start = address)
            result = Result(connect(descriptor, start, (uint)address.Length));
        if (result >= 0)
            return descriptor;
        _ = Libc.Close(descriptor);   // Nothing was ever sent on it.
        return (int)result;
    }

    private static nint Result(nint returned) => returned < 0 ? -Marshal.GetLastSystemError() : returned;

    private struct MessageHeader
    {
        public void* Name;
        public uint NameLength;
        public void* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    [DllImport("libc")]
    private static extern int connect(int fd, byte* address, uint length);

    [DllImport("libc")]
    private static extern int setsockopt(int fd, int level, int option, void* value, uint length);

    [DllImport("libc")]
    private static extern nint recv(int fd, byte* buffer, nuint length, int flags);

    [DllImport("libc")]
    private static extern nint sendmsg(int fd, MessageHeader* message, int flags);
}
