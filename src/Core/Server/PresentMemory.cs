// Makes the memory of the process present: its code, its data, its heaps and stacks. Not: keeping it so (SwapSafety).

using System;
using System.Globalization;
using System.IO;
using NbdFast.Native;

namespace NbdFast.Server;

/// <summary>Walks the mappings of the process as proc(5) lists them.</summary>
internal static class PresentMemory
{
    // Larger ones are disks, what the collector sets aside, and stacks of 8 MiB that hardly anything is on: of these
    // only what is in use counts. Pools see to their own memory.
    private const ulong LargestBytes = 6 << 20;

    /// <summary>Touches every page of every mapping of ordinary size.</summary>
    /// <returns>How many bytes these are.</returns>
    public static ulong Populate()
    {
        ulong sum = 0;
        // What is allocated next lies where the collector has made room: that is wanted whatever its size.
        ulong heap = (ulong)NativeBuffer.AddressOf(new byte[1]);
        foreach (string line in File.ReadAllLines("/proc/self/maps"))
            sum += Populate(line, heap);
        return sum;
    }

    // "5581d000-5583f000 r-xp 00001000 fd:01 1234    /usr/bin/nbdfast"
    private static ulong Populate(ReadOnlySpan<char> line, ulong heap)
    {
        int dash = line.IndexOf('-');
        int blank = line.IndexOf(' ');
        ulong start = ulong.Parse(line[..dash], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        ulong end = ulong.Parse(line[(dash + 1)..blank], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        ReadOnlySpan<char> permissions = line.Slice(blank + 1, 4);
        ulong length = end - start;
        bool isKernels = line.EndsWith("]") && !line.EndsWith("[heap]") && !line.EndsWith("[stack]");
        bool isHeap = heap >= start && heap < end;
        if (permissions[0] != 'r' || (length > LargestBytes && !isHeap) || isKernels)
            return 0;
        MemoryAdvice advice = permissions[1] == 'w' ? MemoryAdvice.PopulateWrite : MemoryAdvice.PopulateRead;
        Errno errno = Libc.Advise((nint)start, length, advice);
        if (errno != Errno.Ok)
            Log.Debug($"swap: {line.ToString()}: {errno.Text()}");   // It comes when it is touched, and then stays.
        return errno == Errno.Ok ? length : 0;
    }
}
