// Private directories, files without names, and taking names away. Not: reading directories (Libc.Directory).

using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
    /// <summary>mkdtemp(3): makes a directory that only this user may enter.</summary>
    /// <param name="prefix">The path that its name begins with.</param>
    /// <param name="path">Its path; empty on error.</param>
    public static Errno MakePrivateDirectory(string prefix, out string path)
    {
        byte[] template = Encoding.UTF8.GetBytes(prefix + "XXXXXX\0");
        fixed (byte* text = template)
        {
            if (mkdtemp(text) == null)
            {
                path = "";
                return (Errno)Marshal.GetLastSystemError();
            }
        }

        path = Encoding.UTF8.GetString(template, 0, template.Length - 1);
        return Errno.Ok;
    }

    /// <summary>Makes a file that only this user may open, and takes its name away at once: the system removes it with
    /// its last user, even if this process is killed. O_TMPFILE would do the same where the file system knows
    /// it.</summary>
    /// <param name="folder">Where it takes space.</param>
    /// <returns>The descriptor, for reading and writing, or the negated errno.</returns>
    public static int OpenNameless(string folder)
    {
        const uint OwnerOnly = 0b110_000_000;
        const int Flags = OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.CloseOnExec;
        string path = Path.Combine(folder, $"nbdfast-{Guid.NewGuid():n}");
        int descriptor = Open(CurrentDirectory, path, Flags, OwnerOnly);
        Errno error = descriptor < 0 ? Errno.Ok : Unlink(path);
        if (error == Errno.Ok)
            return descriptor;
        Close(descriptor);
        return -(int)error;
    }

    /// <summary>unlink(2).</summary>
    public static Errno Unlink(string path)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(path + '\0'))
            return (Errno)(-Result(unlink(text)));
    }

    /// <summary>rmdir(2).</summary>
    public static Errno RemoveDirectory(string path)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(path + '\0'))
            return (Errno)(-Result(rmdir(text)));
    }

    [DllImport("libc")]
    private static extern byte* mkdtemp(byte* template);

    [DllImport("libc")]
    private static extern int unlink(byte* pathname);

    [DllImport("libc")]
    private static extern int rmdir(byte* pathname);
}
