// The ioctls of Libc.Block. Not: files (FileRows).

using System.Collections.Generic;
using NbdFast.Native;

namespace NbdFast.NativeAbi;

/// <summary>Block devices.</summary>
internal static class BlockRows
{
    private const string Fs = "linux/fs.h";

    public static IEnumerable<NativeConstant> All { get; } =
    [
        new("BLKGETSIZE64", Fs, (long)Libc.GetSize64),
        new("BLKSSZGET", Fs, (long)Libc.GetLogicalSize),
        new("BLKPBSZGET", Fs, (long)Libc.GetPhysicalSize),
        new("BLKIOMIN", Fs, (long)Libc.GetMinimumIo),
        new("BLKIOOPT", Fs, (long)Libc.GetOptimalIo),
        new("BLKROTATIONAL", Fs, (long)Libc.GetRotational),
        new("BLKDISCARD", Fs, (long)Libc.DiscardRange),
        new("BLKZEROOUT", Fs, (long)Libc.ZeroOutRange),
    ];
}
