// The regions of a disk in their order. Not: requests to it (RegionDisk).

using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace NbdFast.Plugins.Shared.Regions;

/// <summary>Regions that follow each other without gaps from position 0 on. Filled by one thread, then only
/// read.</summary>
internal sealed class RegionList
{
    private readonly List<Link> _sources = [];
    private readonly HashSet<Link> _known = [];
    private Region[] _regions = [];
    private int _count;

    /// <summary>The size of the disk in bytes.</summary>
    public ulong Size { get; private set; }

    /// <summary>All sources, each once, in the order in which they came.</summary>
    public ReadOnlySpan<Link> Sources => CollectionsMarshal.AsSpan(_sources);

    /// <summary>Puts a region at the end.</summary>
    /// <param name="source">What answers requests for it; it may have other regions too.</param>
    /// <param name="length">Bytes; a region of 0 bytes is left out, its source is still one of
    /// <see cref="Sources"/>.</param>
    /// <param name="sourceOffset">The position of its first byte in the source.</param>
    /// <returns>False if the disk would be larger than <see cref="ExportInfo.MaximumSize"/>; nothing was
    /// added.</returns>
    public bool TryAdd(Link source, ulong length, ulong sourceOffset = 0)
    {
        if (length > ExportInfo.MaximumSize - Size)
            return false;
        if (_known.Add(source))
            _sources.Add(source);
        if (length == 0)
            return true;
        if (_count == _regions.Length)
            Array.Resize(ref _regions, Math.Max(8, 2 * _count));
        _regions[_count++] = new Region(Size, length, source, sourceOffset);
        Size += length;
        return true;
    }

    /// <summary>The parts of a range that lies on the disk.</summary>
    /// <param name="count">Bytes.</param>
    /// <param name="offset">The position of the first byte.</param>
    [HotPath]
    public RegionParts Parts(ulong count, ulong offset)
    {
        if (count == 0)
            return default;
        int first = Find(offset);
        return new RegionParts(_regions.AsSpan(first, _count - first), count, offset);
    }

    // The last region that begins at or before the position.
    [HotPath]
    private int Find(ulong offset)
    {
        int low = 0;
        for (int high = _count - 1; low < high;)
        {
            int middle = low + ((high - low + 1) / 2);
            if (_regions[middle].Start <= offset)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }
}
