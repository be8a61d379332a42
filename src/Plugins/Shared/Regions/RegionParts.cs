// Cuts a request into parts, one for each region that it touches. Not: what is done with them (RegionDisk).

using System;

namespace NbdFast.Plugins.Shared.Regions;

/// <summary>The parts of a range in ascending order, for <c>foreach</c>.</summary>
internal ref struct RegionParts
{
    private readonly ReadOnlySpan<Region> _regions;
    private readonly ulong _offset;
    private readonly ulong _count;
    private ulong _done;
    private ulong _length;
    private int _next;

    /// <summary>Cuts up a range that lies on the disk.</summary>
    /// <param name="regions">The regions from the one in which the range begins.</param>
    /// <param name="count">Bytes.</param>
    /// <param name="offset">The position of the first byte on the disk.</param>
    public RegionParts(ReadOnlySpan<Region> regions, ulong count, ulong offset)
    {
        _regions = regions;
        _offset = offset;
        _count = count;
    }

    /// <summary>The part that was reached.</summary>
    public readonly RegionPart Current
    {
        [HotPath]
        get
        {
            ref readonly Region region = ref _regions[_next - 1];
            ulong inside = _offset + _done - region.Start;
            return new RegionPart(region.Source, region.SourceOffset + inside, _length, _done);
        }
    }

    /// <summary>The parts themselves.</summary>
    public readonly RegionParts GetEnumerator() => this;

    /// <summary>Goes on to the next part.</summary>
    [HotPath]
    public bool MoveNext()
    {
        _done += _length;
        if (_done == _count)
            return false;
        _length = Math.Min(_regions[_next++].End - (_offset + _done), _count - _done);
        return true;
    }
}
