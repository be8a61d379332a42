// What Libc.Memory and Libc.Lock say to the system. Not: files in memory.

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
        new("MCL_CURRENT", Mman, Libc.LockCurrent),
        new("MCL_FUTURE", Mman, Libc.LockFuture),
        new("MCL_ONFAULT", Mman, Libc.LockOnFault),
        new("RLIMIT_MEMLOCK", "sys/resource.h", Libc.MemoryLockLimit),
        NativeConstant.Size<Libc.Limits>("struct rlimit", "sys/resource.h"),
        NativeConstant.Offset<Libc.Limits>("struct rlimit", "rlim_max", "sys/resource.h", "Hard"),
        new("PR_SET_IO_FLUSHER", "sys/prctl.h", Libc.IoFlusher),
        new("SCHED_RR", "sched.h", Libc.RoundRobin),
        new("M_ARENA_MAX", "malloc.h", Libc.MostArenas),
        new("MADV_DONTNEED", Mman, (int)MemoryAdvice.DontNeed),
        new("MADV_NOHUGEPAGE", Mman, (int)MemoryAdvice.NoHugePage),

        // linux/mman.h, for the C library's own header may be older than these.
        new("MADV_POPULATE_READ", "linux/mman.h", (int)MemoryAdvice.PopulateRead),
        new("MADV_POPULATE_WRITE", "linux/mman.h", (int)MemoryAdvice.PopulateWrite),
        new("MADV_DONTNEED_LOCKED", "linux/mman.h", (int)MemoryAdvice.DontNeedLocked),
    ];
}
