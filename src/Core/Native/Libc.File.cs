// Files: opening, status, reading and writing at a position, durability. Not: what is inside a file (Libc.Space), block
// devices (Libc.Block), directories (Libc.Directory).

using System;
using System.Runtime.InteropServices;
using System.Text;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
    /// <summary>In place of a directory: relative paths start from the process's directory.</summary>
    public const int CurrentDirectory = -100;

    /// <summary>preadv2(2): fail with EAGAIN rather than wait for the disk.</summary>
    public const int NoWait = 8;

    internal const int DurableWrite = 2;
    internal const int EmptyPath = 0x1000;
    internal const int NoFollowLink = 0x100;
    internal const uint BasicStatus = 0x7ff;
    internal const int GetFlags = 3;
    internal const int DuplicateWithCloseOnExec = 1030;

    /// <summary>openat(2).</summary>
    /// <param name="directory">Where a relative path starts: a descriptor or <see cref="CurrentDirectory"/>.</param>
    /// <param name="path">The path; one with a NUL character gets EINVAL.</param>
    /// <param name="flags">Of <see cref="OpenFlags"/>.</param>
    /// <param name="mode">The permissions of a file that is created.</param>
    /// <returns>The descriptor, or the negated errno.</returns>
    public static int Open(int directory, string path, int flags, uint mode = 0)
    {
        if (!IsPath(path))
            return -(int)Errno.EINVAL;
        fixed (byte* text = Encoding.UTF8.GetBytes(path + '\0'))
            return (int)Result(openat(directory, text, flags, mode));
    }

    /// <summary>statx(2); symbolic links are followed.</summary>
    public static Errno Status(int directory, string path, out FileStatus status)
    {
        status = default;
        if (!IsPath(path))
            return Errno.EINVAL;
        fixed (byte* text = Encoding.UTF8.GetBytes(path + '\0'))
            return Status(directory, text, 0, out status);
    }

    /// <summary>statx(2) of the file itself: a symbolic link at the end of the path is not followed.</summary>
    public static Errno LinkStatus(string path, out FileStatus status)
    {
        status = default;
        if (!IsPath(path))
            return Errno.EINVAL;
        fixed (byte* text = Encoding.UTF8.GetBytes(path + '\0'))
            return Status(CurrentDirectory, text, NoFollowLink, out status);
    }

    /// <summary>statx(2) of an open descriptor.</summary>
    public static Errno Status(int descriptor, out FileStatus status)
    {
        byte empty = 0;
        return Status(descriptor, &empty, EmptyPath, out status);
    }

    /// <summary>pread(2).</summary>
    /// <returns>The bytes read, 0 at the end of the file, or the negated errno.</returns>
    [HotPath]
    public static nint ReadAt(int descriptor, Span<byte> buffer, ulong offset)
    {
        fixed (byte* start = buffer)
            return Result(pread(descriptor, start, (nuint)buffer.Length, (long)offset));
    }

    /// <summary>preadv2(2) with one buffer.</summary>
    /// <param name="descriptor">An open file.</param>
    /// <param name="buffer">Where to.</param>
    /// <param name="offset">Bytes from the start of the file.</param>
    /// <param name="flags"><see cref="NoWait"/> or 0.</param>
    /// <returns>The bytes read, 0 at the end of the file, or the negated errno.</returns>
    [HotPath]
    public static nint ReadAt(int descriptor, Span<byte> buffer, ulong offset, int flags)
    {
        fixed (byte* start = buffer)
        {
            Segment segment = new() { Start = start, Length = (nuint)buffer.Length };
            return Result(preadv2(descriptor, &segment, 1, (long)offset, flags));
        }
    }

    /// <summary>pwrite(2).</summary>
    /// <returns>The bytes written, or the negated errno.</returns>
    [HotPath]
    public static nint WriteAt(int descriptor, ReadOnlySpan<byte> data, ulong offset)
    {
        fixed (byte* start = data)
            return Result(pwrite(descriptor, start, (nuint)data.Length, (long)offset));
    }

    /// <summary>pwritev(2) of all runs of a list.</summary>
    /// <returns>The bytes written, or the negated errno.</returns>
    [HotPath]
    public static nint WriteAt(int descriptor, GatherList data, ulong offset) =>
        Result(pwritev2(descriptor, (Segment*)data.Start, data.Count, (long)offset, 0));

    /// <summary>pwritev2(2) with RWF_DSYNC: as pwrite, and what was written is on stable storage afterwards.</summary>
    /// <returns>The bytes written, or the negated errno: EOPNOTSUPP from a kernel that cannot.</returns>
    [HotPath]
    public static nint WriteAtDurably(int descriptor, ReadOnlySpan<byte> data, ulong offset)
    {
        fixed (byte* start = data)
        {
            Segment segment = new() { Start = (byte*)start, Length = (nuint)data.Length };
            return Result(pwritev2(descriptor, &segment, 1, (long)offset, DurableWrite));
        }
    }

    /// <summary>fdatasync(2).</summary>
    [HotPath]
    public static Errno SyncData(int descriptor) => (Errno)(-Result(fdatasync(descriptor)));

    /// <summary>ftruncate(2).</summary>
    public static Errno Truncate(int descriptor, ulong size) => (Errno)(-Result(ftruncate(descriptor, (long)size)));

    /// <summary>fcntl(2) F_GETFL: how the file was opened.</summary>
    /// <returns>Bits of <see cref="OpenFlags"/>, or the negated errno.</returns>
    public static int StatusFlags(int descriptor) => (int)Result(fcntl(descriptor, GetFlags, 0));

    /// <summary>fcntl(2) F_DUPFD_CLOEXEC: another descriptor for the same open file, of at least
    /// <paramref name="least"/>.</summary>
    /// <returns>The descriptor, or the negated errno.</returns>
    public static int Duplicate(int descriptor, int least = 3) =>
        (int)Result(fcntl(descriptor, DuplicateWithCloseOnExec, least));

    // The C library would stop at the NUL and open something else.
    private static bool IsPath(string path) => !path.Contains('\0', StringComparison.Ordinal);

    private static Errno Status(int directory, byte* path, int flags, out FileStatus status)
    {
        ExtendedStatus answer;
        nint result = Result(statx(directory, path, flags, BasicStatus, &answer));
        status = result < 0 ? default : new FileStatus(answer.Mode, answer.Size, answer.Blocks * 512)
        {
            ModifiedSeconds = answer.ModifiedSeconds,
        };
        return (Errno)(-result);
    }

    [DllImport("libc")]
    private static extern int openat(int dirfd, byte* pathname, int flags, uint mode);

    [DllImport("libc")]
    private static extern int statx(int dirfd, byte* pathname, int flags, uint mask, ExtendedStatus* statxbuf);

    [DllImport("libc")]
    private static extern nint pread(int fd, byte* buf, nuint count, long offset);

    [DllImport("libc")]
    private static extern nint preadv2(int fd, Segment* iov, int iovcnt, long offset, int flags);

    [DllImport("libc")]
    private static extern nint pwrite(int fd, byte* buf, nuint count, long offset);

    [DllImport("libc")]
    private static extern nint pwritev2(int fd, Segment* iov, int iovcnt, long offset, int flags);

    [DllImport("libc")]
    private static extern int fdatasync(int fd);

    [DllImport("libc")]
    private static extern int ftruncate(int fd, long length);

    [DllImport("libc")]
    private static extern int fcntl(int fd, int cmd, nint arg);

    /// <summary>struct iovec.</summary>
    internal struct Segment
    {
        public byte* Start;
        public nuint Length;
    }

    /// <summary>struct statx, as far as it is looked at.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct ExtendedStatus
    {
        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(40)]
        public ulong Size;

        [FieldOffset(48)]
        public ulong Blocks;

        [FieldOffset(112)]
        public long ModifiedSeconds;
    }
}
