// What a block device likes: sizes of requests, and whether it spins. Not: regular files, which do not care.

using System;
using System.Numerics;
using NbdFast.Native;

namespace NbdFast.Plugins.Shared.Files;

/// <summary>The block sizes of a device in NBD's terms.</summary>
internal static class BlockGeometry
{
    private const uint LargestMinimum = 64 * 1024;         // NBD protocol, "Block size constraints".
    private const uint LargestPreferred = 32 * 1024 * 1024;
    private const uint PageBytes = 4096;

    /// <summary>Describes the device; what it does not tell, or tells wrongly, stays as it is.</summary>
    public static void Describe(int descriptor, ref ExportInfo info)
    {
        if (Libc.Rotational(descriptor, out bool rotational) == Errno.Ok)
            info.Rotational = rotational;
        if (Libc.LogicalBlockSize(descriptor, out uint logical) != Errno.Ok ||
            !BitOperations.IsPow2(logical) || logical > LargestMinimum)
            return;
        info.BlockMinimum = logical;
        info.BlockPreferred = Preferred(descriptor, logical);
        info.BlockMaximum = uint.MaxValue;
    }

    // Requests go through the page cache, so that less than a page is always read before it is written.
    private static uint Preferred(int descriptor, uint logical)
    {
        uint preferred = Math.Max(logical, PageBytes);
        if (Libc.PhysicalBlockSize(descriptor, out uint physical) == Errno.Ok)
            preferred = Better(preferred, physical);
        if (Libc.MinimumIoSize(descriptor, out uint minimum) == Errno.Ok)
            preferred = Better(preferred, minimum);
        if (Libc.OptimalIoSize(descriptor, out uint optimal) == Errno.Ok)
            preferred = Better(preferred, optimal);
        return preferred;
    }

    // Some disks report nonsense, as one sector less than 32 MiB.
    private static uint Better(uint preferred, uint reported) =>
        BitOperations.IsPow2(reported) && reported <= LargestPreferred ? Math.Max(preferred, reported) : preferred;
}
