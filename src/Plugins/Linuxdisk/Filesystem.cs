// Makes a file system with the content of a directory in a file. Not: how large it may be (Content), the disk around it
// (LinuxdiskPlugin).

using System;
using System.Globalization;
using System.Linq;
using NbdFast.Plugins.Shared.Images;

namespace NbdFast.Plugins.Linuxdisk;

/// <summary>A file system to be made by mke2fs(8).</summary>
/// <param name="directory">What is to be in it.</param>
/// <param name="type">ext2, ext3 or ext4.</param>
/// <param name="label">Its label, or null.</param>
internal sealed class Filesystem(string directory, string type, string? label)
{
    // The estimate of its size does nearly always; where the files lie compressed it may be far too small.
    private const int MostAttempts = 16;

    private const ulong Growth = 1 << 20;

    // What mke2fs says when there is not enough room, in the C locale.
    private static readonly string[] ComplaintsOfSpace = ["Could not allocate", "too small", "No free space"];

    private readonly string _program = Tool.Find("mke2fs", "e2fsprogs");

    /// <summary>Makes it, of the size that was asked for, or one that suits the content.</summary>
    /// <exception cref="ConfigException">It cannot be made.</exception>
    public void Make(TemporaryFile file, FilesystemSize? size)
    {
        Content content = Content.Of(directory);
        if (size is { IsFreeSpace: false } fixedSize)
        {
            TryMake(file, fixedSize.Bytes, content, isLast: true);
            return;
        }

        ulong free = size?.Bytes ?? 0;
        ulong bytes = content.SizeWith(free, hasJournal: type != "ext2");
        for (int attempt = 1; ; attempt++)
        {
            CheckSize(bytes);
            bool isMade = TryMake(file, bytes, content, isLast: attempt == MostAttempts);
            ulong found = isMade ? Superblock.FreeBytes(file.Descriptor) : 0;
            if (isMade && found >= free)
                return;
            ulong missing = isMade ? free - found : bytes / 2;
            Log.Debug($"{bytes} bytes are not enough");
            bytes = Content.Rounded(bytes + missing + (missing / 8) + Growth);
        }
    }

    private static void CheckSize(ulong bytes)
    {
        if (bytes > ExportInfo.MaximumSize)
            throw new ConfigException("the file system would be larger than a disk can be");
    }

    // False if there was not enough room for the content; the last attempt succeeds or throws.
    private bool TryMake(TemporaryFile file, ulong bytes, Content content, bool isLast)
    {
        file.Clear(bytes);
        ulong? inodes = content.Inodes(bytes);
        string[] arguments =
        [
            _program, "-q", "-F", "-t", type,
            .. label == null ? [] : (string[])["-L", label],
            .. inodes == null ? [] : (string[])["-N", inodes.Value.ToString(CultureInfo.InvariantCulture)],
            "-d", directory,
            "/proc/self/fd/0",   // The file has no name; it is there as standard input.
        ];
        Log.Debug($"running: {string.Join(' ', arguments)}");
        int status = Tool.Run(arguments, "LC_ALL=C", file.Descriptor, -1, out string messages);
        bool isFull = status != 0 && ComplaintsOfSpace.Any(
            complaint => messages.Contains(complaint, StringComparison.OrdinalIgnoreCase));
        if (isFull && !isLast)
            return false;
        Tool.Repeat(messages);   // A warning, as of a label that is too long, or the reason of a failure.
        return status == 0 ? true : throw Tool.Failure("mke2fs", status);
    }
}
