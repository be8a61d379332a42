// Connecting sockets, as a client does. Not: sockets that listen (Libc.Socket).

using System;
using System.Runtime.InteropServices;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
    internal const int SocketLevel = 1;     // SOL_SOCKET
    internal const int SocketError = 4;     // SO_ERROR
    internal const int SocketListens = 30;  // SO_ACCEPTCONN

    internal const int SendTimeout = 21;       // SO_SNDTIMEO: that of connect(2) too
    internal const int IsConnected = 106;      // EISCONN
    internal const int HasBegun = 114;         // EALREADY
    internal const int GoesOn = 115;           // EINPROGRESS
    private const int MsPerSecond = 1000;

    /// <summary>connect(2), for a while. A signal does not end the wait.</summary>
    /// <param name="descriptor">A socket that waits.</param>
    /// <param name="address">A <c>struct sockaddr</c>.</param>
    /// <param name="limitMs">How long, in milliseconds; at least 1.</param>
    /// <returns><see cref="Errno.EAGAIN"/> if it is not decided yet: a further call goes on.</returns>
    public static Errno Connect(int descriptor, ReadOnlySpan<byte> address, int limitMs)
    {
        Errno error = SetSendTimeout(descriptor, limitMs);
        if (error != Errno.Ok)
            return error;
        int result;
        fixed (byte* start = address)
            result = (int)-Result(connect(descriptor, start, (uint)address.Length));
        return result switch
        {
            // Another call says how it ended.
            HasBegun or GoesOn or (int)Errno.EAGAIN or (int)Errno.EINTR => Errno.EAGAIN,
            0 or IsConnected => SetSendTimeout(descriptor, 0),   // Sending waits as long as it takes.
            _ => (Errno)result,
        };
    }

    /// <summary>Says whether a socket waits for connections instead of being one.</summary>
    public static bool IsListening(int descriptor) => SocketState(descriptor, SocketListens) > 0;

    private static Errno SetSendTimeout(int descriptor, int limitMs)
    {
        nint* interval = stackalloc nint[2];   // struct timeval
        interval[0] = limitMs / MsPerSecond;
        interval[1] = limitMs % MsPerSecond * MsPerSecond;
        uint size = 2 * (uint)sizeof(nint);
        return (Errno)(-Result(setsockopt(descriptor, SocketLevel, SendTimeout, (byte*)interval, size)));
    }

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
