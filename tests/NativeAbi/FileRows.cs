// What Libc.File, Libc.Space and Libc.Directory say to the system. Not: block devices (BlockRows).

using System.Collections.Generic;
using NbdFast.Native;

namespace NbdFast.NativeAbi;

/// <summary>Files and directories.</summary>
internal static class FileRows
{
    private const string Fcntl = "fcntl.h";
    private const string Stat = "sys/stat.h";

    public static IEnumerable<NativeConstant> All { get; } =
    [
        new("O_RDONLY", Fcntl, OpenFlags.ReadOnly),
        new("O_WRONLY", Fcntl, OpenFlags.WriteOnly),
        new("O_RDWR", Fcntl, OpenFlags.ReadWrite),
        new("O_ACCMODE", Fcntl, OpenFlags.AccessMode),
        new("O_CREAT", Fcntl, OpenFlags.Create),
        new("O_EXCL", Fcntl, OpenFlags.Exclusive),
        new("O_NOCTTY", Fcntl, OpenFlags.NoControllingTerminal),
        new("O_TRUNC", Fcntl, OpenFlags.Truncate),
        new("O_APPEND", Fcntl, OpenFlags.Append),
        new("O_NONBLOCK", Fcntl, OpenFlags.NonBlocking),
        new("O_CLOEXEC", Fcntl, OpenFlags.CloseOnExec),
        new("O_DIRECTORY", Fcntl, OpenFlags.Directory),
        new("O_NOFOLLOW", Fcntl, OpenFlags.NoFollow),
        new("O_DIRECT", Fcntl, OpenFlags.Direct),
        new("O_PATH", Fcntl, OpenFlags.PathOnly),
        new("O_TMPFILE", Fcntl, OpenFlags.Temporary),
        new("AT_FDCWD", Fcntl, Libc.CurrentDirectory),
        new("AT_EMPTY_PATH", Fcntl, Libc.EmptyPath),
        new("AT_SYMLINK_NOFOLLOW", Fcntl, Libc.NoFollowLink),
        new("F_GETFL", Fcntl, Libc.GetFlags),
        new("F_DUPFD_CLOEXEC", Fcntl, Libc.DuplicateWithCloseOnExec),
        new("F_OFD_SETLK", Fcntl, Libc.SetDescriptorLock),
        new("F_RDLCK", Fcntl, Libc.ReadLock),
        new("F_WRLCK", Fcntl, Libc.WriteLock),
        NativeConstant.Size<Libc.FileLock>("struct flock", Fcntl),
        NativeConstant.Offset<Libc.FileLock>("struct flock", "l_type", Fcntl, "Type"),
        NativeConstant.Offset<Libc.FileLock>("struct flock", "l_whence", Fcntl, "Whence"),
        NativeConstant.Offset<Libc.FileLock>("struct flock", "l_start", Fcntl, "Start"),
        NativeConstant.Offset<Libc.FileLock>("struct flock", "l_len", Fcntl, "Length"),
        NativeConstant.Offset<Libc.FileLock>("struct flock", "l_pid", Fcntl, "Process"),
        new("RWF_NOWAIT", "sys/uio.h", Libc.NoWait),
        new("RWF_DSYNC", "sys/uio.h", Libc.DurableWrite),
        new("SEEK_END", "unistd.h", Libc.SeekEnd),
        new("SEEK_DATA", "unistd.h", Libc.SeekData),
        new("SEEK_HOLE", "unistd.h", Libc.SeekHole),
        new("FALLOC_FL_KEEP_SIZE", Fcntl, Libc.KeepSize),
        new("FALLOC_FL_PUNCH_HOLE", Fcntl, Libc.PunchHole),
        new("FALLOC_FL_ZERO_RANGE", Fcntl, Libc.ZeroRange),
        new("SYNC_FILE_RANGE_WAIT_BEFORE", Fcntl, Libc.WaitBefore),
        new("SYNC_FILE_RANGE_WRITE", Fcntl, Libc.StartWriting),
        new("SYNC_FILE_RANGE_WAIT_AFTER", Fcntl, Libc.WaitAfter),
        new("POSIX_FADV_NORMAL", Fcntl, (int)FileAdvice.Normal),
        new("POSIX_FADV_RANDOM", Fcntl, (int)FileAdvice.Random),
        new("POSIX_FADV_SEQUENTIAL", Fcntl, (int)FileAdvice.Sequential),
        new("POSIX_FADV_WILLNEED", Fcntl, (int)FileAdvice.WillNeed),
        new("POSIX_FADV_DONTNEED", Fcntl, (int)FileAdvice.DontNeed),
        new("sizeof(off_t)", "sys/types.h", sizeof(long)),
        new("STATX_BASIC_STATS", Stat, Libc.BasicStatus),
        new("S_IFMT", Stat, FileStatus.TypeMask),
        new("S_IFREG", Stat, FileStatus.Regular),
        new("S_IFBLK", Stat, FileStatus.BlockSpecial),
        new("S_IFDIR", Stat, FileStatus.Folder),
        new("S_IFIFO", Stat, FileStatus.Pipe),
        NativeConstant.Size<Libc.ExtendedStatus>("struct statx", Stat),
        NativeConstant.Offset<Libc.ExtendedStatus>("struct statx", "stx_mode", Stat, "Mode"),
        NativeConstant.Offset<Libc.ExtendedStatus>("struct statx", "stx_size", Stat, "Size"),
        NativeConstant.Offset<Libc.ExtendedStatus>("struct statx", "stx_blocks", Stat, "Blocks"),
        NativeConstant.Offset<Libc.ExtendedStatus>("struct statx", "stx_mtime", Stat, "ModifiedSeconds"),
        NativeConstant.MemberSize("struct statx", "stx_mode", Stat, sizeof(ushort)),
        NativeConstant.Size<Libc.FileSystemStatus>("struct statfs", "sys/vfs.h"),
        NativeConstant.Offset<Libc.FileSystemStatus>("struct statfs", "f_type", "sys/vfs.h", "Kind"),
        NativeConstant.MemberSize("struct statfs", "f_type", "sys/vfs.h", sizeof(ulong)),
        NativeConstant.Size<Libc.Segment>("struct iovec", "sys/uio.h"),
        NativeConstant.Offset<Libc.Segment>("struct iovec", "iov_base", "sys/uio.h", "Start"),
        NativeConstant.Offset<Libc.Segment>("struct iovec", "iov_len", "sys/uio.h", "Length"),
        new("offsetof(struct dirent64, d_name)", "dirent.h", Libc.DirectoryEntry.NameOffset),
        NativeConstant.Offset<Libc.DirectoryEntry>("struct dirent64", "d_reclen", "dirent.h", "RecordLength"),
        NativeConstant.MemberSize("struct dirent64", "d_reclen", "dirent.h", sizeof(ushort)),
    ];
}
