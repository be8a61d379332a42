// What the system can be told about memory; the values of madvise(2) on Linux. Not: when to tell it (Mapping, Storage).

namespace NbdFast.Native;

/// <summary>Advice about mapped memory.</summary>
internal enum MemoryAdvice
{
    /// <summary>MADV_DONTNEED: drop the pages; they read as zeroes afterwards. EINVAL on locked memory.</summary>
    DontNeed = 4,

    /// <summary>MADV_NOHUGEPAGE: a touched byte costs 4 KiB, never 2 MiB.</summary>
    NoHugePage = 15,

    /// <summary>MADV_POPULATE_READ (Linux 5.14): make the pages present at once, for reading.</summary>
    PopulateRead = 22,

    /// <summary>MADV_POPULATE_WRITE (Linux 5.14): make the pages present at once.</summary>
    PopulateWrite = 23,

    /// <summary>MADV_DONTNEED_LOCKED (Linux 5.18): as DontNeed, for locked memory.</summary>
    DontNeedLocked = 24,
}
