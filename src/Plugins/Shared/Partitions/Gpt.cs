// Writes GPT partition tables, both copies. Not: where partitions lie (PartitionedDisk).

using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace NbdFast.Plugins.Shared.Partitions;

/// <summary>
/// A table as "GUID Partition Table (GPT) Disk Layout" of the UEFI specification has it: a protective MBR, a header and
/// the entries at the start of the disk; the same entries and a header at its end.
/// </summary>
/// <param name="entries">The partitions in their order on the disk.</param>
/// <param name="diskGuid">The disk's own number.</param>
internal sealed class Gpt(IReadOnlyList<PartitionEntry> entries, Guid diskGuid)
{
    private const int SectorBytes = PartitionEntry.SectorBytes;
    private const ulong Magic = 0x5452415020494645;   // "EFI PART"
    private const uint Revision = 0x00010000;
    private const int HeaderBytes = 96;               // At least 92; nbdkit says 96.
    private const int EntryBytes = 128;
    private const int EntriesAtOnce = 128;            // The least that the specification allows, and its multiples.
    private const ulong LegacyBootable = 4;
    private const int NameOffset = 56;
    private const int NameUnits = (EntryBytes - NameOffset) / 2;

    private readonly byte[] _entries = MakeEntries(entries);

    // Behind the last partition follow the copy of the entries and the copy of the header.
    private ulong LastUsable => entries[^1].EndSector - 1;

    private ulong EntrySectors => (ulong)_entries.Length / SectorBytes;

    private ulong LastSector => LastUsable + EntrySectors + 1;

    /// <summary>The sectors that the copy at the start takes, protective MBR and all, for a number of
    /// partitions.</summary>
    public static ulong PrimarySectors(int count) => 2 + (ulong)(RoundedCount(count) * EntryBytes / SectorBytes);

    /// <summary>What lies at the start of the disk: <see cref="PrimarySectors"/> sectors.</summary>
    public byte[] Primary() =>
        [.. Mbr.Protective(LastSector + 1), .. Header(1, LastSector, 2), .. _entries];

    /// <summary>What lies at the end of the disk, directly behind the last partition.</summary>
    public byte[] Backup() => [.. _entries, .. Header(LastSector, 1, LastUsable + 1)];

    private static int RoundedCount(int count) =>
        Math.Max(1, (count + EntriesAtOnce - 1) / EntriesAtOnce) * EntriesAtOnce;

    private static byte[] MakeEntries(IReadOnlyList<PartitionEntry> entries)
    {
        byte[] bytes = new byte[RoundedCount(entries.Count) * EntryBytes];
        for (int i = 0; i < entries.Count; i++)
            WriteEntry(bytes.AsSpan(i * EntryBytes, EntryBytes), entries[i], isFirst: i == 0);
        return bytes;
    }

    private static void WriteEntry(Span<byte> bytes, in PartitionEntry entry, bool isFirst)
    {
        entry.Content.TypeGuid.TryWriteBytes(bytes);
        entry.Content.UniqueGuid.TryWriteBytes(bytes[16..]);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[32..], entry.FirstSector);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[40..], entry.EndSector - 1);
        bool isBootable = isFirst && !entry.Content.IsNeverBooted;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[48..], isBootable ? LegacyBootable : 0);
        ReadOnlySpan<char> name = entry.Content.Name;
        if (name.Length > NameUnits)   // Not in the middle of a character.
            name = name[..(char.IsHighSurrogate(name[NameUnits - 1]) ? NameUnits - 1 : NameUnits)];
        for (int i = 0; i < name.Length; i++)
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[(NameOffset + (2 * i))..], name[i]);
    }

    private byte[] Header(ulong own, ulong other, ulong firstOfEntries)
    {
        byte[] header = new byte[SectorBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), Revision);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), HeaderBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(24), own);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(32), other);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(40), PrimarySectors(entries.Count));
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(48), LastUsable);
        diskGuid.TryWriteBytes(header.AsSpan(56));
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(72), firstOfEntries);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(80), (uint)(_entries.Length / EntryBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(84), EntryBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(88), Crc32.Of(_entries));
        // The header's own sum last, over what has a zero in its place.
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(16), Crc32.Of(header.AsSpan(0, HeaderBytes)));
        return header;
    }
}
