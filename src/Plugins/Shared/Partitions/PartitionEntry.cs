// One partition as a table tells of it. Not: what is in it (PartitionContent).

namespace NbdFast.Plugins.Shared.Partitions;

/// <summary>A partition with its place on the disk.</summary>
/// <param name="Content">What the table says of it besides its place.</param>
/// <param name="FirstSector">Its first sector.</param>
/// <param name="Sectors">Its length in sectors, at least 1.</param>
internal readonly record struct PartitionEntry(PartitionContent Content, ulong FirstSector, ulong Sectors)
{
    /// <summary>The bytes of a sector in all tables here.</summary>
    public const int SectorBytes = 512;

    /// <summary>The sector after the last one.</summary>
    public ulong EndSector => FirstSector + Sectors;
}
