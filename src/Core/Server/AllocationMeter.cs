// What serving a connection cost the garbage collector, for -D nbdkit.allocations=1. Not: memory outside of its heap,
// which requests use instead (Buffers).

using System;
using NbdFast.Diagnostics;

namespace NbdFast.Server;

/// <summary>
/// Counts what the process allocates between the handshake and the end of a connection. What a connection needs once
/// counts too, so one number alone says little: that of a long connection is to be the same as that of a short one.
/// </summary>
internal readonly struct AllocationMeter
{
    private readonly bool _runs;
    private readonly long _bytes;
    private readonly int _collections;

    private AllocationMeter(bool runs)
    {
        _runs = runs;
        _collections = runs ? GC.CollectionCount(0) : 0;
        _bytes = runs ? GC.GetTotalAllocatedBytes(precise: true) : 0;
    }

    /// <summary>Begins to count, if the debug flag is set.</summary>
    public static AllocationMeter Begin() => new(DebugFlags.Allocations);

    /// <summary>Tells what was counted. Not by <see cref="Log.Debug"/>: under <c>-v</c> each request is traced, which
    /// allocates.</summary>
    public void Tell()
    {
        if (!_runs)
            return;
        long bytes = GC.GetTotalAllocatedBytes(precise: true) - _bytes;
        int collections = GC.CollectionCount(0) - _collections;
        Log.DebugSink(
            $"{Log.ProgramName}: debug: managed allocations while serving: {bytes} bytes, {collections} collections");
    }
}
