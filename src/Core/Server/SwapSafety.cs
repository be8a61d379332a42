// The server as the swap of its own machine (--swap): it must answer while the kernel has no memory to give. Not: what
// units do about it (ServerControl.ServesSwap).

using System;
using System.IO;
using NbdFast.Native;

namespace NbdFast.Server;

/// <summary>
/// The steps of <c>--swap</c>. <see cref="Begin"/> needs the rights that the process was started with and comes before
/// any thread that serves; <see cref="Lock"/> comes when everything is there that is needed for serving.
/// </summary>
internal static class SwapSafety
{
    private const string OwnScore = "/proc/self/oom_score_adj";
    private const string NeverKill = "-1000";
    private const string BoostFactor = "/proc/sys/vm/watermark_boost_factor";

    // The collector has so much room that, with requests that allocate nothing, it never has to run.
    private const long RoomBytes = 4 << 20;

    /// <summary>Asks the kernel to be let through where others wait for memory. What it refuses is told and borne: it
    /// only makes a deadlock less likely.</summary>
    public static void Begin()
    {
        Libc.ShareOneArena();
        // A refusal shows when memory is locked; whoever may lock without a limit needs no higher one.
        if (Libc.LiftMemoryLockLimit() is var limit and not Errno.Ok)
            Log.Debug($"swap: setrlimit: {limit.Text()}");
        if (Libc.BecomeIoFlusher() is var errno and not Errno.Ok)
            Log.Error($"warning: --swap: prctl: PR_SET_IO_FLUSHER: {errno.Text()}: the capability CAP_SYS_RESOURCE " +
                "is needed, or the kernel may make the server wait for its own swap");
        ExemptFromKilling();
        WarnOfBoost();
    }

    /// <summary>Fills the pools, makes all memory present and locks it.</summary>
    /// <exception cref="ConfigException">The process may not lock its memory.</exception>
    public static void Lock(ServerContext server)
    {
        server.GetReadyForSwap();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        bool hasRoom = GC.TryStartNoGCRegion(RoomBytes);
        ulong present = PresentMemory.Populate();
        if (Libc.LockProcess() is var errno and not Errno.Ok)
            throw new ConfigException($"--swap: mlockall: {errno.Text()}: raise the limit of locked memory " +
                "(ulimit -l unlimited), or give the program the capability CAP_IPC_LOCK, or start it as root");
        Log.Debug($"swap: memory is locked: {present >> 10} KiB{(hasRoom ? "" : ", the collector may run")}");
    }

    // Seen: 3.6 MiB were free, the boosted watermark lay at 6, and the server's replies waited for the difference,
    // which only they could have made.
    private static void WarnOfBoost()
    {
        if (File.Exists(BoostFactor) && File.ReadAllText(BoostFactor).Trim() != "0")
            Log.Error("warning: --swap: vm.watermark_boost_factor is not 0: the kernel may hold back the memory that " +
                "the server's replies need; set it to 0 (sysctl)");
    }

    private static void ExemptFromKilling()
    {
        try
        {
            File.WriteAllText(OwnScore, NeverKill);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.Error($"warning: --swap: {OwnScore}: the capability CAP_SYS_RESOURCE is needed, or the kernel may " +
                "end the server when memory runs short");
        }
    }
}
