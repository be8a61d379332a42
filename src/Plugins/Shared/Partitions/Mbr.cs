// Writes the sectors of MBR partition tables. Not: where partitions lie (PartitionedDisk), boot code, for there is
// none.

using System;
using System.Buffers.Binary;

namespace NbdFast.Plugins.Shared.Partitions;

/// <summary>A boot record: four entries of 16 bytes at 446, a signature at 510, numbers in little-endian.</summary>
internal static class Mbr
{
    /// <summary>Entries in a record.</summary>
    public const int Entries = 4;

    /// <summary>The type of a partition that holds further ones, addressed by sector numbers.</summary>
    public const byte ExtendedType = 0x0f;

    /// <summary>The type of the one partition in front of a GPT.</summary>
    public const byte ProtectiveType = 0xee;

    private const int TableOffset = 446;
    private const int EntryBytes = 16;
    private const int SignatureOffset = 510;
    private const ushort Signature = 0xaa55;
    private const byte Bootable = 0x80;

    // Cylinder, head and sector, where they cannot hold the true place.
    private const uint NoGeometry = 0xfffffe;

    /// <summary>A record without entries.</summary>
    public static byte[] NewRecord()
    {
        byte[] record = new byte[PartitionEntry.SectorBytes];
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(SignatureOffset), Signature);
        return record;
    }

    /// <summary>Fills in an entry.</summary>
    /// <param name="record">All of a record.</param>
    /// <param name="index">0 to 3.</param>
    /// <param name="type">The partition's type.</param>
    /// <param name="first">The first sector, counted from where the kind of record has it.</param>
    /// <param name="sectors">Its length in sectors; more than 32 bits are cut to as many as there are.</param>
    /// <param name="isBootable">The mark of the partition to start from.</param>
    public static void WriteEntry(
        Span<byte> record, int index, byte type, ulong first, ulong sectors, bool isBootable = false)
    {
        Span<byte> entry = record.Slice(TableOffset + (index * EntryBytes), EntryBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(entry, (NoGeometry << 8) | (isBootable ? Bootable : 0u));
        BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], (NoGeometry << 8) | type);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], (uint)first);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[12..], (uint)Math.Min(sectors, uint.MaxValue));
    }

    /// <summary>The record in front of a GPT, so that old programs take the disk for full.</summary>
    /// <param name="diskSectors">All sectors of the disk.</param>
    public static byte[] Protective(ulong diskSectors)
    {
        byte[] record = NewRecord();
        WriteEntry(record, 0, ProtectiveType, 1, diskSectors - 1);
        return record;
    }
}
