// The checksum of GPT headers. Not: CRC-32C, which processors have an instruction for.

using System;

namespace NbdFast.Plugins.Shared.Partitions;

/// <summary>CRC-32 with the polynomial of IEEE 802.3, as in zip files and partition tables.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xedb88320;   // Bits reversed.

    private static readonly uint[] Table = MakeTable();

    /// <summary>The checksum of all of the bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte one in bytes)
            crc = Table[(byte)(crc ^ one)] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[] MakeTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? Polynomial ^ (crc >> 1) : crc >> 1;
            table[i] = crc;
        }

        return table;
    }
}
