// The kernel's side of a ring: numbers and layouts of linux/io_uring.h. Not: their use.

using System.Runtime.InteropServices;

namespace NbdFast.Native;

internal sealed unsafe partial class IoUring
{
    // The same on every architecture.
    private const nint SetupNumber = 425;
    private const nint EnterNumber = 426;
    private const nint RegisterNumber = 427;

    private const uint SetupCompletionSize = 1 << 3;
    private const uint SetupClamp = 1 << 4;
    private const uint SetupDisabled = 1 << 6;
    private const uint SetupCooperative = 1 << 8;
    private const uint SetupSingleIssuer = 1 << 12;
    private const uint SetupDeferTaskRun = 1 << 13;
    private const uint FeatureSingleMapping = 1;

    private const long RingsOffset = 0;
    private const long SubmissionsOffset = 0x10000000;
    private const int ReadAndWrite = 3;
    private const int SharedAndPopulated = 0x8001;

    private const nint EnterGetEvents = 1;
    private const nint EnterHasArgument = 8;
    private const long NanosecondsPerMillisecond = 1_000_000;
    private const nint RegisterEnable = 12;
    private const nint RegisterBufferGroup = 22;

    private const byte OperationPoll = 6;
    private const byte OperationRead = 22;
    private const byte OperationReceive = 27;
    private const byte SelectBuffer = 1 << 5;
    private const ushort PollFirst = 1;
    private const uint PollIn = 1;

    /// <summary>The sizes of the structures, for comparison with the C compiler's.</summary>
    internal static int[] Sizes =>
        [sizeof(Parameters), sizeof(Submission), sizeof(Completion), sizeof(ProvidedBuffer), sizeof(BufferGroup)];

    [DllImport("libc")]
    private static extern nint syscall(
        nint number, nint first, nint second, nint third, nint fourth, nint fifth, nint sixth);

    [DllImport("libc")]
    private static extern void* mmap(void* addr, nuint length, int prot, int flags, int fd, long offset);

    [DllImport("libc")]
    private static extern int munmap(void* addr, nuint length);

#pragma warning disable CS0649 // The kernel writes some of them.
    /// <summary>struct io_sqring_offsets.</summary>
    private struct SubmissionOffsets
    {
        public uint Head;
        public uint Tail;
        public uint Mask;
        public uint Entries;
        public uint Flags;
        public uint Dropped;
        public uint Array;
        public uint Reserved;
        public ulong UserAddress;
    }

    /// <summary>struct io_cqring_offsets.</summary>
    private struct CompletionOffsets
    {
        public uint Head;
        public uint Tail;
        public uint Mask;
        public uint EntryCount;
        public uint Overflow;
        public uint Entries;
        public uint Flags;
        public uint Reserved;
        public ulong UserAddress;
    }

    /// <summary>struct io_uring_params.</summary>
    private struct Parameters
    {
        public uint SubmissionEntries;
        public uint CompletionEntries;
        public uint Flags;
        public uint PollThread;
        public uint PollIdle;
        public uint Features;
        public uint WorkQueue;
        public uint Reserved1;
        public uint Reserved2;
        public uint Reserved3;
        public SubmissionOffsets SubmissionOffsets;
        public CompletionOffsets CompletionOffsets;
    }

    /// <summary>struct io_uring_sqe.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 64)]
    private struct Submission
    {
        [FieldOffset(0)]
        public byte Operation;

        [FieldOffset(1)]
        public byte Flags;

        [FieldOffset(2)]
        public ushort Priority;

        [FieldOffset(4)]
        public int Descriptor;

        [FieldOffset(8)]
        public ulong Offset;

        [FieldOffset(16)]
        public ulong Address;

        [FieldOffset(24)]
        public uint Length;

        [FieldOffset(28)]
        public uint OperationFlags;

        [FieldOffset(32)]
        public ulong Tag;

        [FieldOffset(40)]
        public ushort Group;
    }

    /// <summary>struct io_uring_cqe.</summary>
    private struct Completion
    {
        public ulong Tag;
        public int Result;
        public uint Flags;
    }

    /// <summary>struct io_uring_getevents_arg.</summary>
    private struct WaitArgument
    {
        public ulong SignalMask;
        public uint SignalMaskBytes;
        public uint LeastMicroseconds;
        public ulong Time;
    }

    /// <summary>struct __kernel_timespec.</summary>
    private struct Timespan
    {
        public long Seconds;
        public long Nanoseconds;
    }

    /// <summary>struct io_uring_buf; the last field of the first one is the ring's tail.</summary>
    private struct ProvidedBuffer
    {
        public ulong Address;
        public uint Length;
        public ushort Number;
        public ushort Tail;
    }

    /// <summary>struct io_uring_buf_reg.</summary>
    private struct BufferGroup
    {
        public ulong Address;
        public uint Entries;
        public ushort Group;
        public ushort Flags;
        public ulong Reserved1;
        public ulong Reserved2;
        public ulong Reserved3;
    }
#pragma warning restore CS0649
}
