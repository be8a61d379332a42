// The server as the swap of its own machine (--swap): it must answer while the kernel has no memory to give. Not: what
// units do about it (ServerControl.ServesSwap), what the command line says (Cli/SwapCheck).

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NbdFast.Chain;
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
    private const long RoomBytes = 2 << 20;
    private const long RoomForLargeBytes = 256 << 10;

    /// <summary>Asks the kernel to be let through where others wait for memory. What it refuses can be borne: it only
    /// makes a deadlock less likely.</summary>
    public static IReadOnlyList<SwapFinding> Begin()
    {
        Libc.ShareOneArena();
        // A refusal shows when memory is locked; whoever may lock without a limit needs no higher one.
        if (Libc.LiftMemoryLockLimit() is var limit and not Errno.Ok)
            Log.Debug($"swap: setrlimit: {limit.Text()}");
        return [AskNotToWait(), AskForReserve(), ExemptFromKilling(), LookAtBoost()];
    }

    /// <summary>Fills the pools, makes all memory present and locks it.</summary>
    /// <exception cref="ConfigException">The process may not lock its memory.</exception>
    public static SwapFinding Lock(ServerContext server)
    {
        server.GetReadyForSwap();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        bool hasRoom = GC.TryStartNoGCRegion(RoomBytes, RoomForLargeBytes);
        ulong present = PresentMemory.Populate();
        if (Libc.LockProcess() is var errno and not Errno.Ok)
            throw new ConfigException($"--swap: mlockall: {errno.Text()}: raise the limit of locked memory " +
                "(ulimit -l unlimited), or give the program the capability CAP_IPC_LOCK, or start it as root");
        Log.Debug($"swap: memory is locked: {present >> 10} KiB{(hasRoom ? "" : ", the collector may run")}");
        return SwapFinding.Of(
            "locked memory",
            hasRoom ? null : "the garbage collector got no room of its own, and may run while the kernel swaps",
            $"{present >> 20} MiB are present and locked");
    }

    /// <summary>What the layers say of themselves, when they are ready to serve.</summary>
    public static IEnumerable<SwapFinding> LookAt(ChainConfig chain) =>
        from unit in chain.Layers
        let kind = unit is Plugin ? "plugin" : "filter"
        select SwapFinding.Of($"{kind} {unit.Table.Name}", unit.SwapObjection, "serves without new memory");

    private static SwapFinding AskNotToWait() => SwapFinding.Of(
        "writing out",
        Libc.BecomeIoFlusher() is var errno and not Errno.Ok
            ? $"prctl: PR_SET_IO_FLUSHER: {errno.Text()}: the capability CAP_SYS_RESOURCE is needed, or the kernel " +
                "may make the server wait for its own swap"
            : null,
        "the kernel does not make the server wait for memory to be written out");

    // What a reply takes for itself, though little, is memory, and the server must not wait for what only its own reply
    // can free. Ordinary programs may not touch the last of it, threads of real time may take a quarter of that.
    private static SwapFinding AskForReserve() => SwapFinding.Of(
        "reserve",
        Libc.BecomeRealtime() is var errno and not Errno.Ok
            ? $"sched_setscheduler: {errno.Text()}: the capability CAP_SYS_NICE is needed, or replies may wait for " +
                "memory that only they can free"
            : null,
        "the server may use memory that ordinary programs may not");

    // Seen: 3.6 MiB were free, the boosted watermark lay at 6, and the server's replies waited for the difference,
    // which only they could have made.
    private static SwapFinding LookAtBoost() => SwapFinding.Of(
        "watermark",
        File.Exists(BoostFactor) && File.ReadAllText(BoostFactor).Trim() != "0"
            ? "vm.watermark_boost_factor is not 0: the kernel may hold back the memory that the server's replies " +
                "need; set it to 0 (sysctl)"
            : null,
        "vm.watermark_boost_factor is 0");

    private static SwapFinding ExemptFromKilling()
    {
        const string Subject = "killing";
        try
        {
            File.WriteAllText(OwnScore, NeverKill);
            return SwapFinding.Safe(Subject, "the kernel does not end the server when memory runs short");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return SwapFinding.Unsafe(Subject, $"{OwnScore}: the capability CAP_SYS_RESOURCE is needed, or the " +
                "kernel may end the server when memory runs short");
        }
    }
}
