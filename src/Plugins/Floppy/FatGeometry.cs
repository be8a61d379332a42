// How large the parts of a FAT32 volume are. Not: what is in them (FatVolume).

using System;
using NbdFast.Plugins.Shared.Partitions;

namespace NbdFast.Plugins.Floppy;

/// <summary>Sizes of a volume in sectors and clusters.</summary>
/// <param name="SectorsPerCluster">A power of two.</param>
/// <param name="Clusters">How many there are; the first one has the number 2.</param>
/// <param name="TableSectors">Sectors of each of the two allocation tables.</param>
/// <param name="Sectors">All sectors of the volume.</param>
internal readonly record struct FatGeometry(uint SectorsPerCluster, ulong Clusters, ulong TableSectors, ulong Sectors)
{
    /// <summary>Sectors before the first table: boot sectors, and room.</summary>
    public const uint ReservedSectors = 32;

    /// <summary>How many tables there are.</summary>
    public const uint Tables = 2;

    /// <summary>
    /// With fewer clusters a volume is FAT16 or FAT12 to whoever goes by their number alone, as mtools and Windows do;
    /// 16 more than the 65525 that count, for not everybody counts alike.
    /// </summary>
    public const ulong FewestClusters = 65525 + 16;

    private const uint SectorBytes = PartitionEntry.SectorBytes;
    private const uint EntriesPerSector = SectorBytes / FatTable.EntryBytes;
    private const ulong Mebi = 1 << 20;
    private const ulong MostClusters = 0x0ffffff5;

    /// <summary>Bytes of a cluster.</summary>
    public uint ClusterBytes => SectorsPerCluster * SectorBytes;

    /// <summary>The clusters that a number of bytes takes.</summary>
    public static ulong ClustersFor(ulong bytes, uint sectorsPerCluster) =>
        (bytes + (sectorsPerCluster * SectorBytes) - 1) / (sectorsPerCluster * SectorBytes);

    /// <summary>
    /// The cluster that suits a volume: so small that there are 65525 of them if at all possible, for with fewer some
    /// programs take it for FAT16; and not so small that the tables grow long.
    /// </summary>
    public static uint ClusterFor(ulong volumeBytes) => volumeBytes switch
    {
        < 260 * Mebi => 1,
        < 8192 * Mebi => 8,
        < 16384 * Mebi => 16,
        < 32768 * Mebi => 32,
        _ => 64,
    };

    /// <summary>A volume with a number of clusters.</summary>
    /// <exception cref="ConfigException">FAT32 cannot have so many.</exception>
    public static FatGeometry WithClusters(ulong clusters, uint sectorsPerCluster)
    {
        if (clusters > MostClusters)
            throw new ConfigException("disk image is too large for the FAT32 disk format");
        ulong table = TableFor(clusters);
        return new FatGeometry(
            sectorsPerCluster, clusters, table, ReservedSectors + (Tables * table) + (clusters * sectorsPerCluster));
    }

    /// <summary>A volume that fills a number of sectors.</summary>
    /// <param name="sectors">All of them, at least the reserved ones.</param>
    /// <param name="sectorsPerCluster">A power of two.</param>
    public static FatGeometry WithSectors(ulong sectors, uint sectorsPerCluster)
    {
        ulong free = sectors - ReservedSectors;
        ulong table = TableFor(free / sectorsPerCluster);   // A little too long, for it needs room itself.
        ulong clusters = free > Tables * table ? (free - (Tables * table)) / sectorsPerCluster : 0;
        return new FatGeometry(sectorsPerCluster, Math.Min(clusters, MostClusters), table, sectors);
    }

    // Two entries stand for no cluster.
    private static ulong TableFor(ulong clusters) => (clusters + 2 + EntriesPerSector - 1) / EntriesPerSector;
}
