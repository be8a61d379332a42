// What a disk holds: each word is made from its own place, so that a block from a wrong place is noticed. Not: I/O.

using System;
using System.Runtime.InteropServices;

namespace NbdFast.Bench.EndToEnd.Load;

/// <summary>The contents of the disks that are measured.</summary>
internal static class DiskPattern
{
    private const int WordBytes = 8;
    private const ulong Odd = 0x9e3779b97f4a7c15;

    /// <summary>Fills a buffer with what belongs at an offset.</summary>
    /// <param name="target">A multiple of 8 bytes.</param>
    /// <param name="offset">In bytes, a multiple of 8.</param>
    public static void Fill(Span<byte> target, ulong offset)
    {
        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(target);
        for (int i = 0; i < words.Length; i++)
            words[i] = Word(offset + ((ulong)i * WordBytes));
    }

    /// <summary>Whether bytes, at any offset, are those that belong there.</summary>
    public static bool Matches(ReadOnlySpan<byte> data, ulong offset)
    {
        int i = 0;
        while (i < data.Length)
        {
            ulong place = offset + (ulong)i;
            int within = (int)(place % WordBytes);
            ulong word = Word(place - (ulong)within);
            if (within == 0 && data.Length - i >= WordBytes)
            {
                if (MemoryMarshal.Read<ulong>(data[i..]) != word)
                    return false;
                i += WordBytes;
            }
            else if (data[i++] != (byte)(word >> (8 * within)))
            {
                return false;
            }
        }

        return true;
    }

    // Never a word of zeros: a hole is no pattern.
    private static ulong Word(ulong place) => ((place + WordBytes) * Odd) | 1;
}
