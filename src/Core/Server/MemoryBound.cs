// How much memory requests under way may take. Not: counting it (Buffers/ByteBudget).

using System;

namespace NbdFast.Server;

/// <summary>The bound on payload bytes in the whole process.</summary>
internal static class MemoryBound
{
    private const long Least = 128 << 20;
    private const long Most = 1 << 30;
    private const int ShareOfMemory = 8;

    /// <summary>An eighth of the machine's memory, from 128 MiB to 1 GiB.</summary>
    public static long BytesUnderWay() => Math.Clamp(Native.Libc.PhysicalMemoryBytes() / ShareOfMemory, Least, Most);
}
