// The first sectors of a FAT32 volume. Not: the tables behind them (FatTable).

using System;
using System.Buffers.Binary;
using NbdFast.Plugins.Shared.Partitions;

namespace NbdFast.Plugins.Floppy;

/// <summary>The boot sector and the one about free space, and the copies of both; numbers in
/// little-endian.</summary>
internal static class BootSectors
{
    private const int SectorBytes = PartitionEntry.SectorBytes;
    private const int InfoSector = 1;
    private const int BackupSector = 6;
    private const int SignatureOffset = 510;
    private const ushort Signature = 0xaa55;
    private const byte HardDisk = 0xf8;
    private const ushort SectorsPerTrack = 63;
    private const ushort Heads = 255;
    private const uint SerialNumber = 0x01020304;

    /// <summary>All reserved sectors.</summary>
    /// <param name="geometry">The volume.</param>
    /// <param name="usedClusters">Clusters in use, from the first one on.</param>
    /// <param name="firstSector">Where on the disk the volume begins.</param>
    /// <param name="label">The name of the volume.</param>
    public static byte[] Make(in FatGeometry geometry, ulong usedClusters, uint firstSector, VolumeLabel label)
    {
        byte[] bytes = new byte[FatGeometry.ReservedSectors * SectorBytes];
        foreach (int start in (ReadOnlySpan<int>)[0, BackupSector])
        {
            WriteBoot(bytes.AsSpan(start * SectorBytes, SectorBytes), geometry, firstSector, label);
            WriteInfo(bytes.AsSpan((start + InfoSector) * SectorBytes, SectorBytes), geometry, usedClusters);
        }

        return bytes;
    }

    private static void WriteBoot(Span<byte> sector, in FatGeometry geometry, uint firstSector, VolumeLabel label)
    {
        sector[0] = 0xeb;                       // A jump over all this, to code that there is none of:
        sector[1] = 0x58;
        sector[2] = 0x90;
        sector[0x5a] = 0xf4;                    // it halts,
        sector[0x5b] = 0xeb;                    // for ever.
        sector[0x5c] = 0xfd;
        "MSWIN4.1"u8.CopyTo(sector[3..]);       // The name that all programs accept.
        BinaryPrimitives.WriteUInt16LittleEndian(sector[0x0b..], SectorBytes);
        sector[0x0d] = (byte)geometry.SectorsPerCluster;
        BinaryPrimitives.WriteUInt16LittleEndian(sector[0x0e..], (ushort)FatGeometry.ReservedSectors);
        sector[0x10] = (byte)FatGeometry.Tables;
        sector[0x15] = HardDisk;
        BinaryPrimitives.WriteUInt16LittleEndian(sector[0x18..], SectorsPerTrack);
        BinaryPrimitives.WriteUInt16LittleEndian(sector[0x1a..], Heads);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[0x1c..], firstSector);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[0x20..], (uint)geometry.Sectors);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[0x24..], (uint)geometry.TableSectors);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[0x2c..], FatVolume.RootCluster);
        BinaryPrimitives.WriteUInt16LittleEndian(sector[0x30..], InfoSector);
        BinaryPrimitives.WriteUInt16LittleEndian(sector[0x32..], BackupSector);
        sector[0x40] = 0x80;                    // The first hard disk.
        sector[0x42] = 0x29;                    // The next three are filled in.
        BinaryPrimitives.WriteUInt32LittleEndian(sector[0x43..], SerialNumber);
        label.WriteTo(sector[0x47..]);
        "FAT32   "u8.CopyTo(sector[0x52..]);
        BinaryPrimitives.WriteUInt16LittleEndian(sector[SignatureOffset..], Signature);
    }

    private static void WriteInfo(Span<byte> sector, in FatGeometry geometry, ulong usedClusters)
    {
        "RRaA"u8.CopyTo(sector);
        "rrAa"u8.CopyTo(sector[0x1e4..]);
        ulong free = geometry.Clusters - usedClusters;
        BinaryPrimitives.WriteUInt32LittleEndian(sector[0x1e8..], (uint)free);
        // Where to begin to look for a free one; all ones if there is none.
        uint next = free == 0 ? uint.MaxValue : (uint)(FatVolume.RootCluster + usedClusters);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[0x1ec..], next);
        BinaryPrimitives.WriteUInt16LittleEndian(sector[SignatureOffset..], Signature);
    }
}
