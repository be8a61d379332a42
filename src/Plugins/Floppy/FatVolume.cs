// Gives directories and files their clusters, and puts the volume together. Not: the bytes of its parts (BootSectors,
// FatTable, FatDirectory), the disk around it (FloppyDisk).

using System.Collections.Generic;
using System.Linq;
using NbdFast.Plugins.Shared.Partitions;
using NbdFast.Plugins.Shared.Regions;

namespace NbdFast.Plugins.Floppy;

/// <summary>A FAT32 file system: the directories first, the root before all others, then the files, each in one
/// piece.</summary>
internal sealed class FatVolume
{
    /// <summary>The first cluster of the root directory, and the first one that there is.</summary>
    public const uint RootCluster = 2;

    private const ulong SectorBytes = PartitionEntry.SectorBytes;
    private const string Refusal = "the disk is read-only";

    private readonly List<FatDirectory> _directories = [];
    private readonly List<HostEntry> _files = [];
    private readonly VolumeLabel _label;

    /// <summary>Looks at what there is to lay out.</summary>
    /// <exception cref="ConfigException">A directory has too many entries.</exception>
    public FatVolume(HostEntry root, VolumeLabel label)
    {
        _label = label;
        Queue<(HostEntry Folder, HostEntry? Parent)> folders = new([(root, null)]);
        while (folders.TryDequeue(out (HostEntry Folder, HostEntry? Parent) next))
        {
            _directories.Add(new FatDirectory(next.Folder, next.Parent, next.Parent == null ? label : null));
            foreach (HostEntry child in next.Folder.Children)
                if (child.IsFolder)
                    folders.Enqueue((child, next.Folder));
                else
                    _files.Add(child);
        }
    }

    /// <summary>The bytes of all contents, as a measure for the size of clusters.</summary>
    public ulong ContentBytes =>
        _directories.Aggregate(0UL, (sum, directory) => sum + DirectoryBytes(directory))
        + _files.Aggregate(0UL, (sum, file) => sum + file.Bytes);

    /// <summary>How many clusters of a size are needed.</summary>
    public ulong ClustersNeeded(uint sectorsPerCluster) =>
        _directories.Aggregate(0UL, (sum, directory) =>
            sum + FatGeometry.ClustersFor(DirectoryBytes(directory), sectorsPerCluster))
        + _files.Aggregate(0UL, (sum, file) => sum + FatGeometry.ClustersFor(file.Bytes, sectorsPerCluster));

    /// <summary>Puts the volume together.</summary>
    /// <param name="geometry">Its sizes; it has the clusters that are needed.</param>
    /// <param name="firstSector">Where on the disk it begins.</param>
    public RegionList Build(in FatGeometry geometry, uint firstSector)
    {
        uint[] lastClusters = Place(geometry.SectorsPerCluster);
        ulong used = lastClusters[^1] + 1 - RootCluster;
        RegionList volume = new();
        byte[] boot = BootSectors.Make(geometry, used, firstSector, _label);
        volume.TryAdd(new FixedBytes(boot, Refusal), (ulong)boot.Length);
        FatTable table = new(lastClusters);
        ulong tableBytes = (used + RootCluster) * FatTable.EntryBytes;
        for (uint i = 0; i < FatGeometry.Tables; i++)
        {
            volume.TryAdd(table, tableBytes);
            volume.TryAdd(Padding.Instance, (geometry.TableSectors * SectorBytes) - tableBytes);
        }

        foreach (FatDirectory directory in _directories)
        {
            ulong bytes = DirectoryBytes(directory);
            volume.TryAdd(new FixedBytes(directory.ToBytes(bytes), Refusal), bytes);
            PadCluster(volume, bytes, geometry.ClusterBytes);
        }

        foreach (HostEntry file in _files)
        {
            volume.TryAdd(new HostFile(file.Path), file.Bytes);
            PadCluster(volume, file.Bytes, geometry.ClusterBytes);
        }

        volume.TryAdd(Padding.Instance, (geometry.Sectors * SectorBytes) - volume.Size);
        return volume;
    }

    // Returns the last cluster of each.
    private uint[] Place(uint sectorsPerCluster)
    {
        List<uint> last = [];
        uint next = RootCluster;
        foreach (FatDirectory directory in _directories)
            Place(directory.Folder, DirectoryBytes(directory));
        foreach (HostEntry file in _files)
            if (file.Bytes > 0)
                Place(file, file.Bytes);
        return [.. last];

        void Place(HostEntry entry, ulong bytes)
        {
            entry.FirstCluster = next;
            next += (uint)FatGeometry.ClustersFor(bytes, sectorsPerCluster);
            last.Add(next - 1);
        }
    }

    // An empty root has a cluster too.
    private static ulong DirectoryBytes(FatDirectory directory) =>
        (ulong)System.Math.Max(1, directory.Entries) * FatDirectory.EntryBytes;

    private static void PadCluster(RegionList volume, ulong bytes, ulong clusterBytes)
    {
        ulong over = bytes % clusterBytes;
        if (over != 0)
            volume.TryAdd(Padding.Instance, clusterBytes - over);
    }
}
