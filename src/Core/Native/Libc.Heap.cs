// Pieces of memory of any size from the C library. Not: whole pages (Libc.Memory).

using System.Runtime.InteropServices;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
    /// <summary>malloc(3).</summary>
    /// <param name="length">Bytes, at least 1.</param>
    /// <returns>The address, or 0 if there is no memory.</returns>
    [HotPath]
    public static nint AllocateMemory(int length) => malloc((nuint)length);

    /// <summary>free(3).</summary>
    /// <param name="address">What <see cref="AllocateMemory"/> returned; 0 is nothing.</param>
    [HotPath]
    public static void FreeMemory(nint address) => free(address);

    [DllImport("libc")]
    private static extern nint malloc(nuint length);

    [DllImport("libc")]
    private static extern void free(nint address);
}
