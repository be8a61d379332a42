// Lays partitions out on a disk, with a table that tells of them. Not: the form of tables (Mbr, Gpt), requests
// (RegionDisk).

using System;
using System.Collections.Generic;
using NbdFast.Plugins.Shared.Regions;

namespace NbdFast.Plugins.Shared.Partitions;

/// <summary>
/// Puts a table in front of partitions, and the second copy of a GPT behind them:
/// <code>
/// RegionList disk = PartitionedDisk.Build(PartitionTableType.Gpt, [new PartitionContent(source, length)], guid);
/// return new RegionDisk(disk, ownsSources: false);
/// </code>
/// Clients read tables and padding, and cannot change them.
/// </summary>
internal sealed class PartitionedDisk
{
    /// <summary>What a client is told that tries to write another table.</summary>
    internal const string Refusal = "attempt to change partition table of virtual disk";

    private const int SectorBytes = PartitionEntry.SectorBytes;

    // The fourth entry of an MBR leads to all partitions from the fourth on, if they are more than four.
    private const int ExtendedIndex = Mbr.Entries - 1;

    private readonly RegionList _regions = new();
    private readonly List<PartitionEntry> _entries = [];
    private readonly List<ulong> _linkSectors = [];

    private PartitionedDisk()
    {
    }

    /// <summary>The most bytes of all partitions that an MBR is used for: what 32 bits of sectors can hold, less the
    /// table and what five of the largest alignments may cost.</summary>
    public static ulong LargestMbr => ((1UL << 32) * SectorBytes) - SectorBytes - (5 * PartitionContent.BestAlignment);

    /// <summary>Lays out a disk.</summary>
    /// <param name="type">The kind of table. The partitions of an MBR must fit 32 bits of sectors.</param>
    /// <param name="contents">The partitions, at least one.</param>
    /// <param name="diskGuid">The disk's own number in a GPT.</param>
    /// <exception cref="ConfigException">The disk would be larger than the kind of table, or NBD, can hold.</exception>
    public static RegionList Build(
        PartitionTableType type, IReadOnlyList<PartitionContent> contents, Guid diskGuid = default)
    {
        PartitionedDisk disk = new();
        if (type == PartitionTableType.Gpt)
            disk.BuildGpt(contents, diskGuid);
        else
            disk.BuildMbr(contents);
        return disk._regions;
    }

    private ulong NextSector => _regions.Size / SectorBytes;

    private void BuildGpt(IReadOnlyList<PartitionContent> contents, Guid diskGuid)
    {
        // The table is made when it is known where the partitions lie, which is when it is known how long it is.
        byte[] primary = new byte[Gpt.PrimarySectors(contents.Count) * SectorBytes];
        AddTable(primary);
        foreach (PartitionContent content in contents)
            AddPartition(content);
        Gpt table = new(_entries, diskGuid);
        table.Primary().CopyTo(primary, 0);
        AddTable(table.Backup());
    }

    private void BuildMbr(IReadOnlyList<PartitionContent> contents)
    {
        byte[] record = Mbr.NewRecord();
        AddTable(record);
        bool isExtended = contents.Count > Mbr.Entries;
        int primaries = isExtended ? ExtendedIndex : contents.Count;
        List<byte[]> links = [];
        for (int i = 0; i < contents.Count; i++)
        {
            if (i >= primaries)
            {
                links.Add(Mbr.NewRecord());
                _linkSectors.Add(NextSector);
                AddTable(links[^1]);
            }

            AddPartition(contents[i]);
            PartitionEntry entry = _entries[i];
            if (entry.EndSector > 1UL << 32)
                throw new ConfigException("the partitions are too large for an MBR partition table");
            if (i < primaries)
                Mbr.WriteEntry(
                    record, i, entry.Content.MbrType, entry.FirstSector, entry.Sectors,
                    isBootable: i == 0 && !entry.Content.IsNeverBooted);
        }

        if (!isExtended)
            return;
        ulong extended = _linkSectors[0];
        Mbr.WriteEntry(record, ExtendedIndex, Mbr.ExtendedType, extended, NextSector - extended);
        for (int i = 0; i < links.Count; i++)
            WriteLink(links, i);
    }

    // Each partition in the extended one has a record before it, which tells of it and of the next such record. The
    // first is counted from the record itself, the second from the start of the extended partition.
    private void WriteLink(List<byte[]> links, int index)
    {
        PartitionEntry entry = _entries[ExtendedIndex + index];
        Mbr.WriteEntry(
            links[index], 0, entry.Content.MbrType, entry.FirstSector - _linkSectors[index], entry.Sectors);
        if (index + 1 == links.Count)
            return;
        ulong next = _linkSectors[index + 1];
        ulong end = _entries[ExtendedIndex + index + 1].EndSector;
        Mbr.WriteEntry(links[index], 1, Mbr.ExtendedType, next - _linkSectors[0], end - next);
    }

    private void AddPartition(PartitionContent content)
    {
        AddPadding(content.Alignment);
        ulong first = NextSector;
        Add(content.Source, content.Length);
        AddPadding(SectorBytes);
        _entries.Add(new PartitionEntry(content, first, NextSector - first));
    }

    private void AddPadding(ulong alignment)
    {
        ulong over = _regions.Size % alignment;
        if (over != 0)
            Add(Padding.Instance, alignment - over);
    }

    private void AddTable(byte[] table) => Add(new FixedBytes(table, Refusal), (ulong)table.Length);

    private void Add(Link source, ulong length)
    {
        if (!_regions.TryAdd(source, length))
            throw new ConfigException("the partitions are together larger than a disk can be");
    }
}
