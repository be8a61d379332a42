// The file that tells a script the server's process number, and that it is ready. Not: a lock.

using System.Text;
using NbdFast.Native;

namespace NbdFast.Server;

/// <summary>Writes the PID file (<c>-P</c>).</summary>
internal static class PidFile
{
    private const uint ReadableByAll = 0b110_100_100;   // rw-r--r--

    /// <summary>Writes this process's number and a line break, over what was there.</summary>
    /// <param name="path">An absolute path.</param>
    /// <exception cref="ConfigException">The file cannot be written.</exception>
    public static void Write(string path)
    {
        const int Flags = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate | OpenFlags.CloseOnExec
            | OpenFlags.NoControllingTerminal;
        int descriptor = Libc.Open(Libc.CurrentDirectory, path, Flags, ReadableByAll);
        if (descriptor < 0)
            throw Failed(path, (Errno)(-descriptor));
        // One call: who finds the file not empty finds all of it.
        byte[] text = Encoding.ASCII.GetBytes($"{Libc.ProcessId}\n");
        nint written = Libc.Write(descriptor, text);
        Errno closed = Libc.Close(descriptor);
        if (written != text.Length)
            throw Failed(path, written < 0 ? (Errno)(-written) : Errno.ENOSPC);
        if (closed != Errno.Ok)
            throw Failed(path, closed);
    }

    private static ConfigException Failed(string path, Errno errno) => new($"{path}: {errno.Text()}");
}
