// What of a file is in the page cache. Not: having it read or dropped (Libc.Advise).

using System.Runtime.InteropServices;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
    private const nint CacheStatNumber = 451;   // The same on every architecture.

    /// <summary>cachestat(2): how many pages of a range are in the page cache, or on their way into it. Reads
    /// nothing.</summary>
    /// <param name="descriptor">An open file.</param>
    /// <param name="offset">Bytes from the start of the file.</param>
    /// <param name="count">Bytes, at least 1.</param>
    /// <returns>The pages, or the negated errno: ENOSYS before Linux 6.5, EPERM for a file of somebody else's that is
    /// open for reading only.</returns>
    [HotPath]
    public static long CachedPages(int descriptor, ulong offset, ulong count)
    {
        PageRange range = new() { Offset = offset, Length = count };
        PageCounts counts;
        nint result = Result(syscall(CacheStatNumber, descriptor, &range, &counts, 0));
        return result < 0 ? result : (long)counts.Cached;
    }

    [DllImport("libc")]
    private static extern nint syscall(nint number, nint fd, PageRange* range, PageCounts* counts, nint flags);

    /// <summary>struct cachestat_range.</summary>
    private struct PageRange
    {
        public ulong Offset;
        public ulong Length;
    }

#pragma warning disable CS0649 // The kernel writes them.
    /// <summary>struct cachestat.</summary>
    private struct PageCounts
    {
        public ulong Cached;
        public ulong Dirty;
        public ulong WrittenBack;
        public ulong Evicted;
        public ulong RecentlyEvicted;
    }
#pragma warning restore CS0649
}
