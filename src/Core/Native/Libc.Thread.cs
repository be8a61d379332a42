// Threads as the kernel sees them. Not: processes (Libc.Process).

using System;
using System.Buffers.Text;
using System.Runtime.InteropServices;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
    private const int StatusBytes = 512;
    internal const int RusageThread = 1;

    /// <summary>gettid(2): the kernel's number of the calling thread.</summary>
    public static int ThreadNumber() => _threadNumber == 0 ? _threadNumber = gettid() : _threadNumber;

    [ThreadStatic]
    private static int _threadNumber;

    /// <summary>Says whether a thread of this process runs or only waits for a CPU, from proc(5): state R.</summary>
    /// <param name="thread">Its number.</param>
    /// <returns>False if it waits for something else, or is not there; also where there is no /proc.</returns>
    public static bool IsThreadRunnable(int thread)
    {
        Span<byte> path = stackalloc byte[64];
        "/proc/self/task/"u8.CopyTo(path);
        int length = 16;
        Utf8Formatter.TryFormat(thread, path[length..], out int digits);
        length += digits;
        "/stat\0"u8.CopyTo(path[length..]);
        Span<byte> status = stackalloc byte[StatusBytes];
        nint count;
        fixed (byte* text = path)
        {
            int descriptor = (int)Result(openat(CurrentDirectory, text, OpenFlags.CloseOnExec, 0));
            if (descriptor < 0)
                return false;
            count = Read(descriptor, status);
            Close(descriptor);
        }

        // The name comes before, in brackets, and may itself have brackets in it.
        int end = count <= 0 ? -1 : status[..(int)count].LastIndexOf((byte)')');
        return end >= 0 && end + 2 < count && status[end + 2] == (byte)'R';
    }

    /// <summary>How often the calling thread had to leave its CPU to another although it had more to do, from
    /// getrusage(2).</summary>
    public static long Preemptions()
    {
        ResourceUsage usage = default;
        return Result(getrusage(RusageThread, &usage)) < 0 ? 0 : usage.InvoluntarySwitches;
    }

    [DllImport("libc")]
    private static extern int gettid();

    [DllImport("libc")]
    private static extern int getrusage(int who, ResourceUsage* usage);

    /// <summary>struct rusage of 64-bit Linux; only what is looked at has a name.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 144)]
    internal struct ResourceUsage
    {
        [FieldOffset(136)]
        public long InvoluntarySwitches;
    }
}
