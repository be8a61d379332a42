// A canvas in an array, for content that is short. Not: the disk (StoreCanvas).

using System;

namespace NbdFast.Plugins.Data.Contents;

/// <summary>Takes bytes into an array of zeroes.</summary>
/// <param name="target">The array.</param>
internal sealed class MemoryCanvas(byte[] target) : ICanvas
{
    /// <summary>All of a content.</summary>
    public static byte[] Render(Content content)
    {
        byte[] bytes = new byte[content.Length];
        content.Paint(new MemoryCanvas(bytes), 0);
        return bytes;
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> data, ulong offset) => data.CopyTo(target.AsSpan((int)offset));
}
