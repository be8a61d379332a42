// Content that lies in a regular file. Not: opening the file (DataFile).

using System;
using NbdFast.Native;

namespace NbdFast.Plugins.Data.Contents;

/// <summary>A part of an open file, which is read when the disk is filled, and not before.</summary>
/// <param name="file">The file.</param>
/// <param name="start">The position of the first byte in it.</param>
/// <param name="length">How many bytes.</param>
internal sealed class FilePart(DataFile file, ulong start, ulong length) : Content(length, 0, length)
{
    private const int ChunkBytes = 1 << 20;

    /// <inheritdoc/>
    public override void Paint(ICanvas canvas, ulong offset)
    {
        byte[] chunk = new byte[Math.Min(ChunkBytes, Length)];
        for (ulong done = 0; done < Length;)
        {
            Span<byte> rest = chunk.AsSpan(0, (int)Math.Min(ChunkBytes, Length - done));
            nint count = Libc.ReadAt(file.Descriptor, rest, start + done);
            if (count == -(nint)Errno.EINTR)
                continue;
            if (count < 0)
                throw new ConfigException($"read: {file.Path}: {((Errno)(-count)).Text()}");
            if (count == 0)
                throw new ConfigException($"read: {file.Path}: the file was cut short meanwhile");
            canvas.Write(rest[..(int)count], offset + done);
            done += (ulong)count;
        }
    }

    /// <inheritdoc/>
    /// <remarks>The file may change or be gone by then.</remarks>
    public override void Read(Span<byte> buffer, ulong position) =>
        throw new InvalidOperationException("a file is kept before it is read in parts");

    internal override Content KeptOn(Shelf shelf)
    {
        ShelfCanvas canvas = new(shelf, Length);
        Paint(canvas, 0);
        return canvas.Content();
    }

    private protected override Content Part(ulong partStart, ulong partLength) =>
        new FilePart(file, start + partStart, partLength);
}
