// The whole disk: a partition table and a FAT volume, of the size that is wanted. Not: what is in the volume
// (FatVolume).

using System;
using NbdFast.Plugins.Shared.Partitions;
using NbdFast.Plugins.Shared.Regions;

namespace NbdFast.Plugins.Floppy;

/// <summary>Lays the disk out.</summary>
internal static class FloppyDisk
{
    private const ulong SectorBytes = PartitionEntry.SectorBytes;
    private const ulong Start = PartitionContent.BestAlignment;
    private const byte Fat32Type = 0x0c;   // Addressed by sector numbers.

    /// <summary>Makes the disk.</summary>
    /// <param name="root">What is on it.</param>
    /// <param name="label">The name of the volume.</param>
    /// <param name="size">Its size in bytes; null for what is needed.</param>
    /// <exception cref="ConfigException">It does not fit, or is larger than MBR or FAT32 can hold.</exception>
    public static RegionList Build(HostEntry root, VolumeLabel label, ulong? size)
    {
        FatVolume volume = new(root, label);
        FatGeometry geometry = size is { } wanted ? Filling(volume, wanted) : Fitting(volume);
        CheckMbr(geometry.Sectors + (Start / SectorBytes));
        RegionList regions = volume.Build(geometry, (uint)(Start / SectorBytes));
        PartitionContent partition = new(new RegionDisk(regions, ownsSources: false), regions.Size)
        {
            MbrType = Fat32Type,
            IsNeverBooted = true,
        };
        RegionList disk = PartitionedDisk.Build(PartitionTableType.Mbr, [partition]);
        if (size is { } bytes)
            disk.TryAdd(Padding.Instance, bytes - disk.Size);   // What is left of a sector.
        return disk;
    }

    private static FatGeometry Fitting(FatVolume volume)
    {
        uint cluster = FatGeometry.ClusterFor(volume.ContentBytes);
        ulong clusters = Math.Max(volume.ClustersNeeded(cluster), FatGeometry.FewestClusters);
        return FatGeometry.WithClusters(clusters, cluster);
    }

    private static FatGeometry Filling(FatVolume volume, ulong size)
    {
        CheckMbr(size / SectorBytes);
        ulong sectors = size < Start ? 0 : (size - Start) / SectorBytes;
        uint cluster = FatGeometry.ClusterFor(sectors * SectorBytes);
        if (sectors > FatGeometry.ReservedSectors)
        {
            FatGeometry geometry = FatGeometry.WithSectors(sectors, cluster);
            if (geometry.Clusters >= volume.ClustersNeeded(cluster))
                return geometry;
        }

        ulong least = Start + (Fitting(volume).Sectors * SectorBytes);
        throw new ConfigException($"size={size} is too small: the files need {least} bytes");
    }

    private static void CheckMbr(ulong sectors)
    {
        if (sectors > uint.MaxValue)
            throw new ConfigException("disk image is too large for the MBR disk format");
    }
}
