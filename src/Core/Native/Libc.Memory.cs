// Memory of the process: map, protect, advise, lock. Not: who owns a mapping and when it ends (Mapping).

using System.Runtime.InteropServices;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
    internal const int PrivateMapping = 0x02;
    internal const int AnonymousMapping = 0x20;
    internal const int UnreservedMapping = 0x4000;

    /// <summary>mmap(2) of private anonymous memory.</summary>
    /// <param name="length">Bytes, at least 1.</param>
    /// <param name="protection">What may be done with it.</param>
    /// <param name="reserve">The system sets memory aside for all of it, or refuses; else only what is touched
    /// counts.</param>
    /// <returns>The address, or the negated errno.</returns>
    internal static nint MapAnonymous(ulong length, MemoryProtection protection, bool reserve)
    {
        int flags = PrivateMapping | AnonymousMapping | (reserve ? 0 : UnreservedMapping);
        return Result(mmap(0, (nuint)length, (int)protection, flags, -1, 0));
    }

    /// <summary>munmap(2).</summary>
    internal static Errno Unmap(nint address, ulong length) =>
        (Errno)(-Result(munmap(address, (nuint)length)));

    /// <summary>mprotect(2).</summary>
    internal static Errno Protect(nint address, ulong length, MemoryProtection protection) =>
        (Errno)(-Result(mprotect(address, (nuint)length, (int)protection)));

    /// <summary>madvise(2).</summary>
    internal static Errno Advise(nint address, ulong length, MemoryAdvice advice) =>
        (Errno)(-Result(madvise(address, (nuint)length, (int)advice)));

    /// <summary>mlock(2): makes the range present and keeps it out of swap.</summary>
    internal static Errno LockMemory(nint address, ulong length) =>
        (Errno)(-Result(mlock(address, (nuint)length)));

    [DllImport("libc")]
    private static extern nint mmap(nint addr, nuint length, int prot, int flags, int fd, nint offset);

    [DllImport("libc")]
    private static extern int munmap(nint addr, nuint length);

    [DllImport("libc")]
    private static extern int mprotect(nint addr, nuint length, int prot);

    [DllImport("libc")]
    private static extern int madvise(nint addr, nuint length, int advice);

    [DllImport("libc")]
    private static extern int mlock(nint addr, nuint length);
}
