// Connecting sockets, as a client does. Not: sockets that listen (Libc.Socket).

using System;
using System.Runtime.InteropServices;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
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
        const int SolSocket = 1;
        const int SoError = 4;
        PollEntry entry = new() { Descriptor = descriptor, Events = PollOut };
        while (Result(poll(&entry, 1, -1)) < 0)
            continue;
        int outcome = 0;
        uint size = sizeof(int);
        nint result = Result(getsockopt(descriptor, SolSocket, SoError, (byte*)&outcome, &size));
        return result < 0 ? (Errno)(-result) : (Errno)outcome;
    }

    [DllImport("libc")]
    private static extern int connect(int fd, byte* address, uint length);
}
