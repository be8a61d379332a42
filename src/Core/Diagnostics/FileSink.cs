// Messages to the end of a file (--log=/path). Not: rotation; a program that moves the file away starts the server
// anew.

using System.Text;
using NbdFast.Native;

namespace NbdFast.Diagnostics;

/// <summary>Appends each message as one line with one call, so that several servers may share the file.</summary>
internal sealed class FileSink : ILogSink
{
    private const uint ReadableByAll = 0b110_100_100;   // rw-r--r--

    private readonly int _descriptor;

    /// <summary>Opens the file, or creates it.</summary>
    /// <exception cref="ConfigException">That failed.</exception>
    public FileSink(string path)
    {
        const int Flags = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Append | OpenFlags.CloseOnExec;
        _descriptor = Libc.Open(Libc.CurrentDirectory, path, Flags, ReadableByAll);
        if (_descriptor < 0)
            throw new ConfigException($"--log: {path}: {((Errno)(-_descriptor)).Text()}");
    }

    // A message that cannot be written (full disk) is lost: there is nowhere to say so.
    public void Error(string line) => Libc.Write(_descriptor, Encoding.UTF8.GetBytes(line + "\n"));
}
