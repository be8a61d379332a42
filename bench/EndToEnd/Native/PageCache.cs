// What of a file is in the page cache: mincore(2). Not: putting it there or dropping it (Libc.Advise).

using System;
using System.Runtime.InteropServices;
using NbdFast.Native;

namespace NbdFast.Bench.EndToEnd.Native;

/// <summary>Looks at the page cache without changing it. By mincore, for cachestat (Libc.CachedPages) is not there on
/// all systems that the benchmark is to run on.</summary>
internal static unsafe class PageCache
{
    private const int ProtectionRead = 1;       // PROT_READ
    private const int SharedMapping = 1;        // MAP_SHARED
    private const byte IsPresent = 1;           // The other bits of a page's byte mean nothing.

    /// <summary>Counts pages of a file that are in the page cache. The kernel tells this to those only who own the file
    /// or may write to it; to others all pages seem to be there.</summary>
    /// <param name="descriptor">The file, open for reading.</param>
    /// <param name="bytes">Its size, greater than 0.</param>
    /// <param name="present">How many are there.</param>
    public static Errno CountPresent(int descriptor, long bytes, out long present)
    {
        present = 0;
        byte* start = (byte*)mmap(null, (nuint)bytes, ProtectionRead, SharedMapping, descriptor, 0);
        if ((nint)start == -1)
            return (Errno)Marshal.GetLastSystemError();
        byte[] pages = new byte[PagesOf(bytes)];
        int result;
        Errno error;
        fixed (byte* answer = pages)
        {
            result = mincore(start, (nuint)bytes, answer);
            error = result == 0 ? Errno.Ok : (Errno)Marshal.GetLastSystemError();
        }

        _ = munmap(start, (nuint)bytes);   // Exactly what was mapped: it cannot fail.
        foreach (byte page in pages)
            present += page & IsPresent;
        return error;
    }

    /// <summary>The pages of a file.</summary>
    /// <param name="bytes">Its size.</param>
    public static long PagesOf(long bytes) => (bytes + Environment.SystemPageSize - 1) / Environment.SystemPageSize;

    [DllImport("libc")]
    private static extern void* mmap(void* address, nuint length, int protection, int flags, int fd, long offset);

    [DllImport("libc")]
    private static extern int munmap(void* address, nuint length);

    [DllImport("libc")]
    private static extern int mincore(void* address, nuint length, byte* pages);
}
