// The disk as a canvas: pages of zeroes stay holes. Not: what the disk can do (IBlockStore).

using System;
using NbdFast.Storage;

namespace NbdFast.Plugins.Data.Contents;

/// <summary>Writes to a store that has only zeroes yet.</summary>
/// <param name="store">The store.</param>
/// <param name="memoryBytes">How many bytes may be written before there is no memory for more.</param>
internal sealed class StoreCanvas(IBlockStore store, ulong memoryBytes) : ICanvas
{
    private const uint PageBytes = Content.PageBytes;

    private ulong _nextPage;
    private ulong _pages;

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> data, ulong offset)
    {
        while (!data.IsEmpty)
        {
            int length = LengthOfRun(data, offset, out bool isZero);
            if (!isZero)
                WriteRun(data[..length], offset);
            data = data[length..];
            offset += (uint)length;
        }
    }

    // How many bytes lie in pages that are alike: all zeroes, or not.
    private static int LengthOfRun(ReadOnlySpan<byte> data, ulong offset, out bool isZero)
    {
        int length = PageEnd(0, data.Length, offset);
        isZero = IsZero(data[..length]);
        while (length < data.Length)
        {
            int end = PageEnd(length, data.Length, offset);
            if (IsZero(data[length..end]) != isZero)
                break;
            length = end;
        }

        return length;
    }

    private static int PageEnd(int start, int length, ulong offset) =>
        (int)Math.Min((uint)length, (uint)start + PageBytes - ((offset + (uint)start) % PageBytes));

    private static bool IsZero(ReadOnlySpan<byte> data) => !data.ContainsAnyExcept((byte)0);

    private void WriteRun(ReadOnlySpan<byte> data, ulong offset)
    {
        Count(offset / PageBytes, ((offset + (uint)data.Length - 1) / PageBytes) + 1);
        if (_pages > memoryBytes / PageBytes)
            throw Shortage.Of(_pages * PageBytes, memoryBytes);
        Errno errno = store.Write(data, offset);
        if (errno != Errno.Ok)
            throw new ConfigException($"the data does not fit into memory: {errno.Text()}");
    }

    // Content is painted from its begin to its end, so that a page that lies further back was counted already.
    private void Count(ulong first, ulong end)
    {
        first = Math.Max(first, _nextPage);
        if (end <= first)
            return;
        _pages += end - first;
        _nextPage = end;
    }
}
