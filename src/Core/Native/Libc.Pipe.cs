// Pipes, and descriptors that take each other's place. Not: reading and writing (Libc.Fd), duplicates (Libc.File).

using System.Runtime.InteropServices;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
    private const int CloseOnExecOnly = 0x80000;   // O_CLOEXEC
    private const int SetDescriptorFlags = 2;      // F_SETFD
    private const int DescriptorCloseOnExec = 1;   // FD_CLOEXEC

    /// <summary>pipe2(2); both ends are closed on exec.</summary>
    public static Errno Pipe(out int readEnd, out int writeEnd)
    {
        int* ends = stackalloc int[2];
        nint result = Result(pipe2(ends, CloseOnExecOnly));
        readEnd = result < 0 ? -1 : ends[0];
        writeEnd = result < 0 ? -1 : ends[1];
        return (Errno)(-result);
    }

    /// <summary>dup2(2): <paramref name="place"/> becomes another name of <paramref name="descriptor"/>, open across
    /// exec.</summary>
    public static Errno Replace(int place, int descriptor)
    {
        nint result = Result(dup2(descriptor, place));
        return result < 0 ? (Errno)(-result) : Errno.Ok;
    }

    /// <summary>fcntl(2), F_SETFD: the descriptor is closed on exec.</summary>
    public static Errno SetCloseOnExec(int descriptor) =>
        (Errno)(-Result(fcntl(descriptor, SetDescriptorFlags, DescriptorCloseOnExec)));

    /// <summary>fcntl(2), F_SETFD: the descriptor stays open on exec.</summary>
    public static Errno ClearCloseOnExec(int descriptor) => (Errno)(-Result(fcntl(descriptor, SetDescriptorFlags, 0)));

    [DllImport("libc")]
    private static extern int pipe2(int* pipefd, int flags);

    [DllImport("libc")]
    private static extern int dup2(int oldfd, int newfd);
}
