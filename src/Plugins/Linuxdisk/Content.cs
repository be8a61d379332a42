// How much is in a directory, and how large a file system for it should be. Not: making it (Filesystem).

using System;
using System.Globalization;
using NbdFast.Plugins.Shared.Images;

namespace NbdFast.Plugins.Linuxdisk;

/// <summary>What a directory and all below it take, hard links counted once.</summary>
/// <param name="Bytes">Data, in whole blocks of the file system that it lies on.</param>
/// <param name="Files">Files, directories and all else that has an inode.</param>
internal readonly record struct Content(ulong Bytes, ulong Files)
{
    private const ulong MiB = 1 << 20;
    private const ulong GiB = 1 << 30;

    // Below this size, file systems have smaller blocks and more inodes (mke2fs.conf(5)).
    private const ulong LargestSmall = 512 * MiB;

    private const ulong LargestFloppy = 3 * MiB;
    private const ulong InodeBytes = 256;

    // The first ones are the file system's own; some more do not hurt.
    private const ulong SpareInodes = 32;

    /// <summary>Counts with du(1), which knows all names, also those that are not UTF-8.</summary>
    /// <exception cref="ConfigException">Something in the directory cannot be read.</exception>
    public static Content Of(string directory) =>
        new(Count(["--block-size=1"], directory), Count(["--inodes"], directory));

    /// <summary>How many inodes to ask for, or null where there will be enough anyway.</summary>
    /// <param name="size">Of the file system, in bytes.</param>
    public ulong? Inodes(ulong size)
    {
        ulong bytesPerInode = size < LargestFloppy ? 8192UL : size < LargestSmall ? 4096UL : 16384UL;
        ulong wanted = Files + (Files / 16) + SpareInodes;
        return wanted > size / bytesPerInode ? wanted : null;
    }

    /// <summary>A size that does as a rule; whether it does shows when the file system is made.</summary>
    /// <param name="free">Free space that is wanted, in bytes.</param>
    /// <param name="hasJournal">It is one with a journal.</param>
    public ulong SizeWith(ulong free, bool hasJournal)
    {
        ulong used = Bytes + (Bytes / 16) + (Files * InodeBytes) + (MiB / 2);
        ulong size = used + free;
        if (hasJournal)
            size += JournalBytes(size);
        // Inodes that nobody uses, and what is kept for the administrator.
        size += size < LargestSmall ? (used / 12) + (free / 8) : (used / 40) + (free / 13);
        return Rounded(size);
    }

    /// <summary>A size in whole MiB.</summary>
    public static ulong Rounded(ulong size) => (size + MiB - 1) / MiB * MiB;

    // As mke2fs(8) makes it, or a little larger.
    private static ulong JournalBytes(ulong size) => size switch
    {
        < 240 * MiB => 4 * MiB,
        < LargestSmall => 8 * MiB,
        < GiB => 16 * MiB,
        < 2 * GiB => 32 * MiB,
        < 16 * GiB => 64 * MiB,
        < 128 * GiB => 512 * MiB,
        _ => GiB,
    };

    private static ulong Count(string[] options, string directory)
    {
        int status = Tool.Run(
            [Tool.Find("du", "coreutils"), "-s", .. options, "--", directory], "LC_ALL=C", -1, -1,
            out string messages);
        int end = messages.IndexOf('\t', StringComparison.Ordinal);
        if (status == 0 && end > 0
            && ulong.TryParse(messages[..end], NumberStyles.None, CultureInfo.InvariantCulture, out ulong count))
            return count;
        Tool.Repeat(messages);
        throw Tool.Failure("du", status);
    }
}
