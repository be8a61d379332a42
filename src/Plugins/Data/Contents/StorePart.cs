// Content that lies on a shelf. Not: short content (Literal).

using System;
using NbdFast.Storage;

namespace NbdFast.Plugins.Data.Contents;

/// <summary>A part of a store.</summary>
/// <param name="store">The store.</param>
/// <param name="start">The position of the first byte in it.</param>
/// <param name="length">How many bytes.</param>
internal sealed class StorePart(SparseStore store, ulong start, ulong length) : Content(length, length, length)
{
    private const int ChunkBytes = 64 << 10;

    /// <inheritdoc/>
    public override void Paint(ICanvas canvas, ulong offset)
    {
        byte[] chunk = new byte[Math.Min(ChunkBytes, Length)];
        for (ulong done = 0; done < Length;)
        {
            Span<byte> rest = chunk.AsSpan(0, (int)Math.Min(ChunkBytes, Length - done));
            Errno errno = store.Read(rest, start + done);
            if (errno != Errno.Ok)
                throw new ConfigException($"the data cannot be read back: {errno.Text()}");
            canvas.Write(rest, offset + done);
            done += (ulong)rest.Length;
        }
    }

    /// <inheritdoc/>
    [HotPath]
    public override void Read(Span<byte> buffer, ulong position) =>
        store.Read(buffer, start + position);   // From memory that was written before: it cannot fail.

    private protected override Content Part(ulong partStart, ulong partLength) =>
        new StorePart(store, start + partStart, partLength);
}
