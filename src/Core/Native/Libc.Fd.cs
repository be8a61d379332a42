// Descriptors: read, write, close. Not: sockets (Libc.Socket), files (Libc.File).

using System;
using System.Runtime.InteropServices;

namespace NbdFast.Native;

/// <summary>The system's C library. Declarations are private, wrappers are safe: they take spans and answer with a
/// count or a negated <see cref="Errno"/>.</summary>
public static unsafe partial class Libc
{
    /// <summary>write(2).</summary>
    /// <returns>The bytes written, or the negated errno.</returns>
    public static nint Write(int descriptor, ReadOnlySpan<byte> data)
    {
        fixed (byte* start = data)
            return Result(write(descriptor, start, (nuint)data.Length));
    }

    /// <summary>read(2).</summary>
    /// <returns>The bytes read, 0 at the end, or the negated errno.</returns>
    public static nint Read(int descriptor, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
            return Result(read(descriptor, start, (nuint)buffer.Length));
    }

    /// <summary>close(2).</summary>
    public static Errno Close(int descriptor) => (Errno)(-Result(close(descriptor)));

    // Must directly follow the call: nothing in between may touch errno.
    private static nint Result(nint returned) => returned < 0 ? -Marshal.GetLastSystemError() : returned;

    [DllImport("libc")]
    private static extern nint write(int fd, byte* buf, nuint count);

    [DllImport("libc")]
    private static extern nint read(int fd, byte* buf, nuint count);

    [DllImport("libc")]
    private static extern int close(int fd);
}
