// What keeps a process going when there is no memory: locking its own, and being let through where others wait. Not:
// one mapping (Libc.Memory).

using System.Runtime.InteropServices;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
    internal const int LockCurrent = 1;
    internal const int LockFuture = 2;
    internal const int LockOnFault = 4;
    internal const int MemoryLockLimit = 8;
    internal const int IoFlusher = 57;
    internal const int MostArenas = -8;
    internal const int RoundRobin = 2;

    /// <summary>mlockall(2): what is present stays, and what is touched later stays from then on. Memory that is only
    /// set aside is not filled.</summary>
    /// <returns><see cref="Errno.ENOMEM"/> or <see cref="Errno.EPERM"/> if the process may not lock so much.</returns>
    internal static Errno LockProcess() => (Errno)(-Result(mlockall(LockCurrent | LockFuture | LockOnFault)));

    /// <summary>setrlimit(2), RLIMIT_MEMLOCK: this process, and whoever it becomes, may lock as much as it
    /// likes.</summary>
    internal static Errno LiftMemoryLockLimit()
    {
        Limits limits = new() { Soft = ulong.MaxValue, Hard = ulong.MaxValue };
        return (Errno)(-Result(setrlimit(MemoryLockLimit, &limits)));
    }

    /// <summary>prctl(2), PR_SET_IO_FLUSHER (Linux 5.6): the calling thread, and those it makes, are not made to wait
    /// for other memory to be written out.</summary>
    internal static Errno BecomeIoFlusher() => (Errno)(-Result(prctl(IoFlusher, 1, 0, 0, 0)));

    /// <summary>sched_setscheduler(2), SCHED_RR with the lowest priority: the calling thread, and those it makes, come
    /// before all ordinary ones, and may take a quarter of the memory that the kernel holds back from these.</summary>
    internal static Errno BecomeRealtime()
    {
        int priority = 1;
        return (Errno)(-Result(sched_setscheduler(0, RoundRobin, &priority)));
    }

    /// <summary>mallopt(3), M_ARENA_MAX: all threads share one heap of the C library.</summary>
    internal static bool ShareOneArena() => mallopt(MostArenas, 1) == 1;

    [DllImport("libc")]
    private static extern int mlockall(int flags);

    [DllImport("libc")]
    private static extern int setrlimit(int resource, Limits* limits);

    [DllImport("libc")]
    private static extern int sched_setscheduler(int process, int policy, int* priority);

    [DllImport("libc")]
    private static extern int mallopt(int parameter, int value);

    internal struct Limits
    {
        public ulong Soft;
        public ulong Hard;
    }
}
