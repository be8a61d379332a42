// Made-up bytes that are kept in memory, as a partition table. Not: large ones, which are better computed when asked
// for.

using System;

namespace NbdFast.Plugins.Shared.Regions;

/// <summary>An array of bytes.</summary>
/// <param name="bytes">What is read; it must not change any more.</param>
/// <param name="refusal">What a client is told that tries to change something.</param>
internal sealed class FixedBytes(byte[] bytes, string refusal) : FixedContent
{
    /// <summary>Bytes in it.</summary>
    public ulong Length => (ulong)bytes.Length;

    /// <inheritdoc/>
    [HotPath]
    public override Errno Read(Span<byte> buffer, ulong offset)
    {
        bytes.AsSpan((int)offset, buffer.Length).CopyTo(buffer);
        return Errno.Ok;
    }

    /// <inheritdoc/>
    [HotPath]
    public override Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents) =>
        extents.Add(offset, count, ExtentType.Data);

    private protected override string Refusal => refusal;

    private protected override bool Holds(ReadOnlySpan<byte> data, ulong offset) =>
        data.SequenceEqual(bytes.AsSpan((int)offset, data.Length));

    private protected override bool HoldsZeroes(ulong count, ulong offset) =>
        !bytes.AsSpan((int)offset, (int)count).ContainsAnyExcept((byte)0);
}
