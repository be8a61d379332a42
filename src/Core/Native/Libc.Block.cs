// Block devices: their geometry, discard and zeroing. Not: bytes (Libc.File).

using System.Runtime.InteropServices;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
    // The ioctl numbers of linux/fs.h, the same on x86-64 and arm64.
    internal const ulong GetSize64 = 0x80081272;
    internal const ulong GetLogicalSize = 0x1268;
    internal const ulong GetPhysicalSize = 0x127b;
    internal const ulong GetMinimumIo = 0x1278;
    internal const ulong GetOptimalIo = 0x1279;
    internal const ulong GetRotational = 0x127e;
    internal const ulong DiscardRange = 0x1277;
    internal const ulong ZeroOutRange = 0x127f;

    /// <summary>BLKGETSIZE64: the size of a block device in bytes.</summary>
    public static Errno BlockDeviceSize(int descriptor, out ulong size)
    {
        fixed (ulong* place = &size)
            return Control(descriptor, GetSize64, place);
    }

    /// <summary>BLKSSZGET: the smallest unit that a block device addresses, in bytes.</summary>
    public static Errno LogicalBlockSize(int descriptor, out uint bytes)
    {
        fixed (uint* place = &bytes)
            return Control(descriptor, GetLogicalSize, place);
    }

    /// <summary>BLKPBSZGET: the smallest unit that a block device writes without reading first, in bytes.</summary>
    public static Errno PhysicalBlockSize(int descriptor, out uint bytes)
    {
        fixed (uint* place = &bytes)
            return Control(descriptor, GetPhysicalSize, place);
    }

    /// <summary>BLKIOMIN: the smallest request that a block device likes, in bytes; 0 if unknown.</summary>
    public static Errno MinimumIoSize(int descriptor, out uint bytes)
    {
        fixed (uint* place = &bytes)
            return Control(descriptor, GetMinimumIo, place);
    }

    /// <summary>BLKIOOPT: the request size that a block device likes best, in bytes; 0 if unknown.</summary>
    public static Errno OptimalIoSize(int descriptor, out uint bytes)
    {
        fixed (uint* place = &bytes)
            return Control(descriptor, GetOptimalIo, place);
    }

    /// <summary>BLKROTATIONAL: whether a block device spins.</summary>
    public static Errno Rotational(int descriptor, out bool rotational)
    {
        ushort answer = 0;
        Errno errno = Control(descriptor, GetRotational, &answer);
        rotational = answer != 0;
        return errno;
    }

    /// <summary>BLKDISCARD: tells a block device that the range is not needed; what it reads as afterwards is up to the
    /// device. Offset and count must be multiples of the logical block size.</summary>
    [HotPath]
    public static Errno Discard(int descriptor, ulong offset, ulong count)
    {
        ulong* range = stackalloc ulong[2] { offset, count };
        return Control(descriptor, DiscardRange, range);
    }

    /// <summary>BLKZEROOUT: makes the range of a block device read as zeroes, by the device's own means or by writing
    /// them in the kernel. Offset and count must be multiples of the logical block size.</summary>
    [HotPath]
    public static Errno ZeroOut(int descriptor, ulong offset, ulong count)
    {
        ulong* range = stackalloc ulong[2] { offset, count };
        return Control(descriptor, ZeroOutRange, range);
    }

    private static Errno Control(int descriptor, ulong request, void* argument) =>
        (Errno)(-Result(ioctl(descriptor, request, argument)));

    [DllImport("libc")]
    private static extern int ioctl(int fd, ulong request, void* argp);
}
