// Whether a file's place can take the machine's swap. Not: what the file is like (the units that have one).

using NbdFast.Native;

namespace NbdFast.Storage;

/// <summary>Looks for what would need memory while the kernel has none: the page cache, a network or a program behind
/// the file system.</summary>
public static class SwapSuitability
{
    // linux/magic.h.
    private const ulong Tmpfs = 0x01021994;
    private const ulong Ramfs = 0x858458f6;
    private const ulong Fuse = 0x65735546;
    private const ulong Nfs = 0x6969;
    private const ulong Smb = 0xff534d42;
    private const ulong Smb2 = 0xfe534d42;
    private const ulong V9fs = 0x01021997;
    private const ulong Ceph = 0x00c36400;

    /// <summary>What speaks against it, or null.</summary>
    /// <param name="descriptor">A file or block device that is open for reading and writing.</param>
    public static string? ObjectionTo(int descriptor)
    {
        if (Libc.FileSystemKind(descriptor, out ulong kind) == Errno.Ok && ObjectionToKind(kind) is { } objection)
            return objection;
        Errno errno = DirectAccess.TryOpen(descriptor, canWrite: true, out DirectAccess? direct);
        direct?.Dispose();
        return errno == Errno.Ok
            ? null
            : $"it cannot be opened with O_DIRECT: {errno.Text()}: it is written through the page cache, " +
                "which takes memory that swapping should free";
    }

    private static string? ObjectionToKind(ulong kind) => kind switch
    {
        Tmpfs or Ramfs => "it is in memory, on tmpfs or the like",
        Nfs or Smb or Smb2 or V9fs or Ceph => "it is on a network file system, which takes memory to send it",
        Fuse => "it is on a file system of FUSE, whose program may wait for swap itself",
        _ => null,
    };
}
