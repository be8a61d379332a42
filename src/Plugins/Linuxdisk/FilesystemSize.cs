// The value of size=. Not: the size that follows from it (ContentSize).

using NbdFast.Values;

namespace NbdFast.Plugins.Linuxdisk;

/// <summary>How large a file system is to be.</summary>
/// <param name="Bytes">Of the whole file system, or of the free space in it.</param>
/// <param name="IsFreeSpace">The one or the other.</param>
public readonly record struct FilesystemSize(ulong Bytes, bool IsFreeSpace) : IValue<FilesystemSize>
{
    /// <summary>Parses a size, or one with a plus sign before it, which is free space.</summary>
    /// <exception cref="ConfigException">It is no size.</exception>
    public static FilesystemSize Parse(string value) => value is ['+', .. var free]
        ? new FilesystemSize(DiskSize.Parse(free), IsFreeSpace: true)
        : new FilesystemSize(DiskSize.Parse(value), IsFreeSpace: false);
}
