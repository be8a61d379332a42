// The file allocation table, computed when it is read. Not: which clusters belong to what (FatVolume).

using System;
using System.Buffers.Binary;

namespace NbdFast.Plugins.Floppy;

/// <summary>
/// Each cluster names the next one of its file, and the last one says that it is the last. All files lie in one piece,
/// one behind the other, so that only their last clusters need be known.
/// </summary>
/// <param name="lastClusters">The last cluster of each file and directory, ascending.</param>
internal sealed class FatTable(uint[] lastClusters) : Link
{
    /// <summary>Bytes of an entry.</summary>
    public const int EntryBytes = 4;

    private const uint Media = 0x0ffffff8;   // In the first entry: a hard disk.
    private const uint End = 0x0fffffff;

    /// <inheritdoc/>
    public override Errno Read(Span<byte> buffer, ulong offset)
    {
        uint cluster = (uint)(offset / EntryBytes);
        int inside = (int)(offset % EntryBytes);
        int next = Array.BinarySearch(lastClusters, cluster);
        next = next < 0 ? ~next : next;
        Span<byte> entry = stackalloc byte[EntryBytes];
        while (!buffer.IsEmpty)
        {
            bool isLast = cluster < FatVolume.RootCluster
                || (next < lastClusters.Length && lastClusters[next] == cluster);
            uint value = cluster == 0 ? Media : isLast ? End : cluster + 1;
            next += isLast && cluster >= FatVolume.RootCluster ? 1 : 0;
            cluster++;
            BinaryPrimitives.WriteUInt32LittleEndian(entry, value);
            int count = Math.Min(EntryBytes - inside, buffer.Length);
            entry.Slice(inside, count).CopyTo(buffer);
            buffer = buffer[count..];
            inside = 0;
        }

        return Errno.Ok;
    }

    /// <inheritdoc/>
    public override Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents) =>
        extents.Add(offset, count, ExtentType.Data);

    /// <inheritdoc/>
    public override Errno Cache(ulong count, ulong offset) => Errno.Ok;
}
