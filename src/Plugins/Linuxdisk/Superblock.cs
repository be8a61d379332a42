// Reads how much is free in a file system that was just made. Not: anything else of it.

using System;
using System.Buffers.Binary;
using NbdFast.Native;

namespace NbdFast.Plugins.Linuxdisk;

/// <summary>The superblock of ext2, ext3 and ext4 ("struct ext2_super_block"); numbers are little-endian.</summary>
internal static class Superblock
{
    private const int Offset = 1024;
    private const int Bytes = 1024;
    private const uint SmallestBlock = 1024;
    private const uint Has64Bit = 0x80;

    /// <summary>The space that users other than the administrator can fill, in bytes.</summary>
    /// <param name="descriptor">An open file with a file system in it.</param>
    /// <exception cref="ConfigException">It cannot be read.</exception>
    public static ulong FreeBytes(int descriptor)
    {
        byte[] block = new byte[Bytes];
        nint count = Libc.ReadAt(descriptor, block, Offset);
        if (count != Bytes)
            throw new ConfigException($"the file system cannot be read: {(count < 0 ? (Errno)(-count) : Errno.EIO)}");
        ulong reserved = Number(block, low: 8, high: 0x154);
        ulong free = Number(block, low: 12, high: 0x158);
        int shift = (int)(Word(block, 24) & 31);
        return free > reserved ? (free - reserved) * ((ulong)SmallestBlock << shift) : 0;
    }

    private static ulong Number(byte[] block, int low, int high) =>
        Word(block, low) | ((Word(block, 0x60) & Has64Bit) != 0 ? (ulong)Word(block, high) << 32 : 0);

    private static uint Word(byte[] block, int at) => BinaryPrimitives.ReadUInt32LittleEndian(block.AsSpan(at));
}
