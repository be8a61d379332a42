// The disk whose bytes tell their own position. Not: patterns of one's choice (data), chance (random).

using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using NbdFast.Plugins.Shared.Computed;
using NbdFast.Values;

namespace NbdFast.Plugins.Pattern;

/// <summary>Serves a pattern in which each 64-bit big-endian word is its own offset. A write is checked: it must bring
/// what is there already.</summary>
[NbdPlugin("pattern", "nbdkit pattern plugin", ThreadModel = ThreadModel.Parallel, Latency = Latency.Memory,
    Description = "Fixed pattern of data: every word is its own offset.")]
public sealed partial class PatternPlugin : ComputedPlugin
{
    private const int WordBytes = sizeof(ulong);
    private const int UpperShift = 48;

    private ulong _upper;
    private ulong _stride = WordBytes;

    /// <summary>The distance from word to word in bytes; what lies between is zeroes.</summary>
    [NbdParameter("stride", ValueName = "BLOCK_SIZE", Help = "Distance between words, a power of two (default: 8).")]
    public DiskSize Stride { get; private set; } = new(WordBytes);

    /// <summary>What is laid over the top 16 bits of each word.</summary>
    [NbdParameter("upper", ValueName = "N|random", Help = "XOR the top 16 bits of each word (default: 0).")]
    public UpperBits Upper { get; private set; }

    private protected override string Expected => "expected pattern";

    /// <inheritdoc/>
    public override void ConfigComplete()
    {
        if (Stride < WordBytes || !BitOperations.IsPow2((ulong)Stride))
            throw new ConfigException($"stride must be a power of two, at least {WordBytes} ({Stride})");
        _stride = Stride;
        _upper = (ulong)Upper.Value << UpperShift;
    }

    /// <inheritdoc/>
    [HotPath]
    private protected override void Fill(Span<byte> buffer, ulong offset)
    {
        if (_stride == WordBytes)
            FillWords(buffer, offset);
        else
            FillBlocks(buffer, offset);
    }

    private void FillWords(Span<byte> buffer, ulong offset)
    {
        int head = (int)Math.Min((ulong)buffer.Length, (0 - offset) % WordBytes);
        PartOfWord(buffer[..head], offset);
        offset += (ulong)head;
        buffer = buffer[head..];

        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(buffer);
        for (int i = 0; i < words.Length; i++)
        {
            ulong word = offset ^ _upper;
            words[i] = BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(word) : word;
            offset += WordBytes;
        }

        PartOfWord(buffer[(words.Length * WordBytes)..], offset);
    }

    private void FillBlocks(Span<byte> buffer, ulong offset)
    {
        buffer.Clear();
        for (ulong block = offset & ~(_stride - 1); block < offset + (ulong)buffer.Length; block += _stride)
        {
            ulong from = Math.Max(block, offset);
            ulong to = Math.Min(block + WordBytes, offset + (ulong)buffer.Length);
            if (from < to)
                PartOfWord(buffer.Slice((int)(from - offset), (int)(to - from)), from);
        }
    }

    // Up to eight bytes of one word, from anywhere in it on.
    private void PartOfWord(Span<byte> buffer, ulong offset)
    {
        Span<byte> word = stackalloc byte[WordBytes];
        BinaryPrimitives.WriteUInt64BigEndian(word, (offset & ~(ulong)(WordBytes - 1)) ^ _upper);
        word.Slice((int)(offset % WordBytes), buffer.Length).CopyTo(buffer);
    }
}
