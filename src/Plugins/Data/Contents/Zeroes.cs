// Content that is nothing but zeroes. Not: zeroes between other things, which a Layout leaves out.

using System;

namespace NbdFast.Plugins.Data.Contents;

/// <summary>Zeroes, which take no memory wherever they are.</summary>
internal sealed class Zeroes(ulong length) : Content(length, 0, 0)
{
    /// <inheritdoc/>
    public override bool IsZero => true;

    /// <inheritdoc/>
    public override void Paint(ICanvas canvas, ulong offset)
    {
    }

    /// <inheritdoc/>
    [HotPath]
    public override void Read(Span<byte> buffer, ulong start) => buffer.Clear();

    private protected override Content Part(ulong start, ulong length) => new Zeroes(length);
}
