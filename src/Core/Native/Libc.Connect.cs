// Connecting sockets, as a client does. Not: sockets that listen (Libc.Socket).

using System;
using System.Runtime.InteropServices;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
    internal const int SocketLevel = 1;     // SOL_SOCKET
    internal const int SocketError = 4;     // SO_ERROR
    internal const int SocketListens = 30;  // SO_ACCEPTCONN

    /// <summary>connect(2), until the connection stands or is refused. A signal does not end the wait.</summary>
    /// <param name="descriptor">A socket that waits.</param>
    /// <param name="address">A <c>struct sockaddr</c>.</param>
    public static Errno Connect(int descriptor, ReadOnlySpan<byte> address)
    {
        Errno error;
        fixed (byte* start = address)
            error = (Errno)(-Result(connect(descriptor, start, (uint)address.Length)));
        if (error != Errno.EINTR)
            return error;

        // The connection goes on being made, and a second call would only say so.
        PollEntry entry = new() { Descriptor = descriptor, Events = PollOut };
        while (Result(poll(&entry, 1, -1)) < 0)
            continue;
        int outcome = SocketState(descriptor, SocketError);
        return (Errno)Math.Abs(outcome);
    }

    /// <summary>Says whether a socket waits for connections instead of being one.</summary>
    public static bool IsListening(int descriptor) => SocketState(descriptor, SocketListens) > 0;

    // An option of SOL_SOCKET that is a number, or the negated errno.
    private static int SocketState(int descriptor, int option)
    {
        int state = 0;
        uint size = sizeof(int);
        nint result = Result(getsockopt(descriptor, SocketLevel, option, (byte*)&state, &size));
        return result < 0 ? (int)result : state;
    }

    [DllImport("libc")]
    private static extern int connect(int fd, byte* address, uint length);
}
