// Whether a file exists: access(2). Not: opening it, or its properties (Libc.File).

using System;
using System.Runtime.InteropServices;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
    internal const int FileExists = 0;   // F_OK

    /// <summary>access(2) with F_OK: the file can be found, whatever it is.</summary>
    /// <param name="path">The path in UTF-8, ended by a zero byte.</param>
    public static bool Exists(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty || path[^1] != 0)
            throw new ArgumentException("the path must end with a zero byte", nameof(path));
        fixed (byte* start = path)
            return access(start, FileExists) == 0;
    }

    [DllImport("libc")]
    private static extern int access(byte* path, int mode);
}
