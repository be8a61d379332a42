// Any part of a disk of noise. Not: how the bytes come about (NoiseBlock).

using System;

namespace NbdFast.Plugins.Chance;

/// <summary>The bytes of a disk that is random throughout: the same ones for a seed wherever, whenever and in whatever
/// parts they are read.</summary>
/// <param name="seed">Which disk.</param>
internal readonly struct Noise(ulong seed)
{
    /// <summary>Fills a buffer with the bytes from <paramref name="offset"/> on.</summary>
    [HotPath]
    public void Fill(Span<byte> buffer, ulong offset)
    {
        ulong number = offset / NoiseBlock.Bytes;
        int skipped = (int)(offset % NoiseBlock.Bytes);
        if (skipped != 0)
        {
            int length = Math.Min(buffer.Length, NoiseBlock.Bytes - skipped);
            FillPart(buffer[..length], number++, skipped);
            buffer = buffer[length..];
        }

        for (; buffer.Length >= NoiseBlock.Bytes; buffer = buffer[NoiseBlock.Bytes..])
            NoiseBlock.Fill(buffer[..NoiseBlock.Bytes], seed, number++);
        if (!buffer.IsEmpty)
            FillPart(buffer, number, 0);
    }

    private void FillPart(Span<byte> buffer, ulong number, int skipped)
    {
        Span<byte> block = stackalloc byte[NoiseBlock.Bytes];
        NoiseBlock.Fill(block, seed, number);
        block.Slice(skipped, buffer.Length).CopyTo(buffer);
    }
}
