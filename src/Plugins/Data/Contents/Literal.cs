// Content that is kept in memory as it is. Not: bytes of files (FilePart).

using System;

namespace NbdFast.Plugins.Data.Contents;

/// <summary>Bytes that stand in the expression, or that a script printed.</summary>
internal sealed class Literal : Content
{
    private readonly ReadOnlyMemory<byte> _bytes;

    private Literal(ReadOnlyMemory<byte> bytes)
        : base((ulong)bytes.Length, (ulong)bytes.Length, (ulong)bytes.Length) => _bytes = bytes;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.Span;

    /// <summary>Makes content of bytes, which are not changed from then on.</summary>
    public static Content Of(ReadOnlyMemory<byte> bytes) =>
        bytes.Span.ContainsAnyExcept((byte)0) ? new Literal(bytes) : new Zeroes((ulong)bytes.Length);

    /// <inheritdoc/>
    public override void Paint(ICanvas canvas, ulong offset) => canvas.Write(Bytes, offset);

    /// <inheritdoc/>
    [HotPath]
    public override void Read(Span<byte> buffer, ulong start) => Bytes.Slice((int)start, buffer.Length).CopyTo(buffer);

    private protected override Content Part(ulong start, ulong length) => Of(_bytes.Slice((int)start, (int)length));
}
