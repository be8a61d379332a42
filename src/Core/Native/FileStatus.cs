// What the system knows about a file. Not: how it is asked (Libc.Status).

namespace NbdFast.Native;

/// <summary>The parts of statx(2)'s answer that units look at.</summary>
/// <param name="Mode">Type and permissions, the <c>st_mode</c> of stat(2).</param>
/// <param name="Size">The size of a regular file in bytes; 0 for devices.</param>
/// <param name="AllocatedBytes">The bytes that a regular file occupies on disk.</param>
public readonly record struct FileStatus(uint Mode, ulong Size, ulong AllocatedBytes)
{
    /// <summary>When its content was last changed, in seconds since 1970.</summary>
    public long ModifiedSeconds { get; init; }

    internal const uint TypeMask = 0xf000;
    internal const uint Regular = 0x8000;
    internal const uint BlockSpecial = 0x6000;
    internal const uint Folder = 0x4000;
    internal const uint Pipe = 0x1000;

    /// <summary>A regular file.</summary>
    public bool IsRegular => (Mode & TypeMask) == Regular;

    /// <summary>A block device.</summary>
    public bool IsBlockDevice => (Mode & TypeMask) == BlockSpecial;

    /// <summary>A directory.</summary>
    public bool IsDirectory => (Mode & TypeMask) == Folder;

    /// <summary>A pipe, with a name or without.</summary>
    public bool IsPipe => (Mode & TypeMask) == Pipe;
}
