// What a file occupies: holes, allocation, the page cache. Not: the bytes (Libc.File).

using System.Runtime.InteropServices;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
    internal const int SeekEnd = 2;
    internal const int SeekData = 3;
    internal const int SeekHole = 4;
    internal const int KeepSize = 1;
    internal const int PunchHole = 2;
    internal const int ZeroRange = 16;
    internal const uint WaitBefore = 1;
    internal const uint StartWriting = 2;
    internal const uint WaitAfter = 4;

    /// <summary>lseek(2) SEEK_DATA: where the first data at or after <paramref name="offset"/> is.</summary>
    /// <returns>The position, or the negated errno: ENXIO if there is none, EINVAL if the file cannot tell.</returns>
    [HotPath]
    public static long NextData(int descriptor, ulong offset) =>
        Result((nint)lseek(descriptor, (long)offset, SeekData));

    /// <summary>lseek(2) SEEK_HOLE: where the first hole at or after <paramref name="offset"/> is; the end of the file
    /// counts as one.</summary>
    /// <returns>The position, or the negated errno.</returns>
    [HotPath]
    public static long NextHole(int descriptor, ulong offset) =>
        Result((nint)lseek(descriptor, (long)offset, SeekHole));

    /// <summary>lseek(2) SEEK_END: the size of a file or block device in bytes.</summary>
    /// <returns>The size, or the negated errno.</returns>
    [HotPath]
    public static long EndOf(int descriptor) => Result((nint)lseek(descriptor, 0, SeekEnd));

    /// <summary>fallocate(2): gives the range storage; what it contains stays.</summary>
    [HotPath]
    public static Errno Allocate(int descriptor, ulong offset, ulong count) =>
        (Errno)(-Result(fallocate(descriptor, 0, (long)offset, (long)count)));

    /// <summary>fallocate(2) FALLOC_FL_PUNCH_HOLE: takes the range's storage away; it reads as zeroes.</summary>
    [HotPath]
    public static Errno Punch(int descriptor, ulong offset, ulong count) =>
        (Errno)(-Result(fallocate(descriptor, PunchHole | KeepSize, (long)offset, (long)count)));

    /// <summary>fallocate(2) FALLOC_FL_ZERO_RANGE: the range keeps or gets storage and reads as zeroes.</summary>
    [HotPath]
    public static Errno ZeroAllocated(int descriptor, ulong offset, ulong count) =>
        (Errno)(-Result(fallocate(descriptor, ZeroRange, (long)offset, (long)count)));

    /// <summary>posix_fadvise(2).</summary>
    /// <param name="descriptor">An open file.</param>
    /// <param name="offset">The first byte.</param>
    /// <param name="count">Bytes; 0 is up to the end.</param>
    /// <param name="advice">What to expect of the range.</param>
    [HotPath]
    public static Errno Advise(int descriptor, ulong offset, ulong count, FileAdvice advice) =>
        (Errno)posix_fadvise(descriptor, (long)offset, (long)count, (int)advice);   // Answers with the errno itself.

    /// <summary>sync_file_range(2): has the range's dirty pages written, without waiting for that.</summary>
    [HotPath]
    public static Errno StartWriteBack(int descriptor, ulong offset, ulong count) =>
        (Errno)(-Result(sync_file_range(descriptor, (long)offset, (long)count, StartWriting)));

    /// <summary>sync_file_range(2): has the range's dirty pages written and waits for it. No durability: neither
    /// metadata nor the disk's own cache is written.</summary>
    [HotPath]
    public static Errno FinishWriteBack(int descriptor, ulong offset, ulong count) =>
        (Errno)(-Result(sync_file_range(
            descriptor, (long)offset, (long)count, WaitBefore | StartWriting | WaitAfter)));

    /// <summary>fstatfs(2): the kind of the file system, a number of linux/magic.h.</summary>
    public static Errno FileSystemKind(int descriptor, out ulong kind)
    {
        FileSystemStatus answer;
        nint result = Result(fstatfs(descriptor, &answer));
        kind = result < 0 ? 0 : answer.Kind;
        return (Errno)(-result);
    }

    [DllImport("libc")]
    private static extern int fstatfs(int fd, FileSystemStatus* buf);

    [DllImport("libc")]
    private static extern long lseek(int fd, long offset, int whence);

    [DllImport("libc")]
    private static extern int fallocate(int fd, int mode, long offset, long len);

    [DllImport("libc")]
    private static extern int posix_fadvise(int fd, long offset, long len, int advice);

    [DllImport("libc")]
    private static extern int sync_file_range(int fd, long offset, long nbytes, uint flags);

    /// <summary>struct statfs, as far as it is looked at.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 120)]
    internal struct FileSystemStatus
    {
        [FieldOffset(0)]
        public ulong Kind;
    }
}
