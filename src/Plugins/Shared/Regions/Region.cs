// One run of bytes of a disk that is put together from several sources. Not: the order of them (RegionList).

namespace NbdFast.Plugins.Shared.Regions;

/// <summary>Bytes of the disk and where they come from.</summary>
/// <param name="Start">The position of the first byte on the disk.</param>
/// <param name="Length">Bytes, at least 1.</param>
/// <param name="Source">What answers requests for them.</param>
/// <param name="SourceOffset">The position of the first byte in the source.</param>
internal readonly record struct Region(ulong Start, ulong Length, Link Source, ulong SourceOffset)
{
    /// <summary>The position after the last byte on the disk.</summary>
    public ulong End => Start + Length;
}
