// Scattered reads and gathered writes on any descriptor. Not: on sockets (Libc.Socket).

using System;
using System.Runtime.InteropServices;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
    /// <summary>readv(2) into two buffers, the second used when the first is full.</summary>
    /// <returns>The bytes read, 0 at the end, or the negated errno.</returns>
    [HotPath]
    public static nint Read(int descriptor, Span<byte> first, Span<byte> second)
    {
        fixed (byte* one = first)
        fixed (byte* two = second)
        {
            IoVector* vectors = stackalloc IoVector[2];
            vectors[0] = new IoVector { Start = one, Length = (nuint)first.Length };
            vectors[1] = new IoVector { Start = two, Length = (nuint)second.Length };
            return Result(readv(descriptor, vectors, 2));
        }
    }

    /// <summary>writev(2).</summary>
    /// <returns>The bytes written, or the negated errno.</returns>
    [HotPath]
    public static nint Write(int descriptor, GatherList list) =>
        Result(writev(descriptor, (IoVector*)list.Start, list.Count));

    [DllImport("libc")]
    private static extern nint readv(int fd, IoVector* vectors, int count);

    [DllImport("libc")]
    private static extern nint writev(int fd, IoVector* vectors, int count);
}
