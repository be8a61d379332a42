// Paths: their true names, and opening what exists. Not: files as storage (Libc.File).

using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
    private const int ReadOnlyCloseOnExec = 0x80000;       // O_RDONLY | O_CLOEXEC
    private const int ReadWriteCloseOnExec = 0x80002;      // O_RDWR | O_CLOEXEC

    /// <summary>realpath(3).</summary>
    /// <param name="path">Any path.</param>
    /// <param name="resolved">The absolute path without symbolic links; empty on error.</param>
    public static Errno RealPath(string path, out string resolved)
    {
        byte* name = Utf8StringMarshaller.ConvertToUnmanaged(path);
        try
        {
            byte* answer = realpath(name, null);
            if (answer == null)
            {
                resolved = "";
                return (Errno)Marshal.GetLastSystemError();
            }

            resolved = Marshal.PtrToStringUTF8((nint)answer)!;
            NativeMemory.Free(answer);
            return Errno.Ok;
        }
        finally
        {
            Utf8StringMarshaller.Free(name);
        }
    }

    /// <summary>open(2) of what exists, closed on exec.</summary>
    /// <returns>The descriptor, or the negated errno.</returns>
    public static int OpenExisting(string path, bool forWriting)
    {
        byte* name = Utf8StringMarshaller.ConvertToUnmanaged(path);
        try
        {
            return (int)Result(open_existing(name, forWriting ? ReadWriteCloseOnExec : ReadOnlyCloseOnExec));
        }
        finally
        {
            Utf8StringMarshaller.Free(name);
        }
    }

    [DllImport("libc")]
    private static extern byte* realpath(byte* path, byte* resolved);

    // Without the third, variadic parameter of open(2), which counts only when a file is created.
    [DllImport("libc", EntryPoint = "open")]
    private static extern int open_existing(byte* path, int flags);
}
