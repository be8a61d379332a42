// What Libc.Memory says to the system. Not: files in memory.

using System.Collections.Generic;
using NbdFast.Native;

namespace NbdFast.NativeAbi;

/// <summary>Mapped memory.</summary>
internal static class MemoryRows
{
    private const string Mman = "sys/mman.h";

    public static IEnumerable<NativeConstant> All { get; } =
    [
        new("PROT_NONE", Mman, (int)MemoryProtection.None),
        new("PROT_READ", Mman, (int)MemoryProtection.Read),
        new("PROT_WRITE", Mman, (int)MemoryProtection.Write),
        new("MAP_PRIVATE", Mman, Libc.PrivateMapping),
        new("MAP_ANONYMOUS", Mman, Libc.AnonymousMapping),
        new("MAP_NORESERVE", Mman, Libc.UnreservedMapping),
        new("MADV_DONTNEED", Mman, (int)MemoryAdvice.DontNeed),
        new("MADV_NOHUGEPAGE", Mman, (int)MemoryAdvice.NoHugePage),

        // linux/mman.h, for the C library's own header may be older than these.
        new("MADV_POPULATE_WRITE", "linux/mman.h", (int)MemoryAdvice.PopulateWrite),
        new("MADV_DONTNEED_LOCKED", "linux/mman.h", (int)MemoryAdvice.DontNeedLocked),
    ];
}
