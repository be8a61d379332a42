// What fast=true serves: one random sector over and over, each time a little different. Not: noise throughout
// (Noise).

using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NbdFast.Plugins.Chance;

/// <summary>
/// The bytes of a disk that is made of one sector, the first of the seed's noise. In sector n each of its words, eight
/// bytes with the lowest first, is XORed with number n of <see cref="SplitMix64"/>, whose seed is the complement of the
/// disk's. Users rely on this: it must never change.
/// </summary>
internal sealed class RepeatedSector
{
    private const int SectorBytes = 512;

    private readonly ulong _seed;
    private readonly byte[] _sector = new byte[SectorBytes];

    /// <summary>Makes the sector.</summary>
    /// <param name="seed">Which disk.</param>
    public RepeatedSector(ulong seed)
    {
        _seed = ~seed;
        new Noise(seed).Fill(_sector, 0);
    }

    /// <summary>Fills a buffer with the bytes from <paramref name="offset"/> on.</summary>
    [HotPath]
    public void Fill(Span<byte> buffer, ulong offset)
    {
        ulong number = offset / SectorBytes;
        int skipped = (int)(offset % SectorBytes);
        if (skipped != 0)
        {
            int length = Math.Min(buffer.Length, SectorBytes - skipped);
            FillPart(buffer[..length], number++, skipped);
            buffer = buffer[length..];
        }

        for (; buffer.Length >= SectorBytes; buffer = buffer[SectorBytes..])
            FillSector(buffer[..SectorBytes], number++);
        if (!buffer.IsEmpty)
            FillPart(buffer, number, 0);
    }

    private void FillPart(Span<byte> buffer, ulong number, int skipped)
    {
        Span<byte> sector = stackalloc byte[SectorBytes];
        FillSector(sector, number);
        sector.Slice(skipped, buffer.Length).CopyTo(buffer);
    }

    private void FillSector(Span<byte> buffer, ulong number)
    {
        ulong word = SplitMix64.At(_seed, number);
        if (!BitConverter.IsLittleEndian)
            word = BinaryPrimitives.ReverseEndianness(word);
        Vector128<ulong> variation = Vector128.Create(word);
        ReadOnlySpan<Vector128<ulong>> from = MemoryMarshal.Cast<byte, Vector128<ulong>>(_sector);
        Span<Vector128<ulong>> to = MemoryMarshal.Cast<byte, Vector128<ulong>>(buffer);
        for (int i = 0; i < from.Length; i++)
            to[i] = from[i] ^ variation;
    }
}
