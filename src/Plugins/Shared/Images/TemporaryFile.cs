// A file for as long as it is open, in the folder for large temporary files. Not: folders for names that others look up
// (Libc.MakePrivateDirectory).

using System;
using NbdFast.Native;

namespace NbdFast.Plugins.Shared.Images;

/// <summary>A file that has no name when anybody could look for it: the system removes it with its last user, even if
/// this process is killed.</summary>
internal sealed class TemporaryFile : IDisposable
{
    private const string UsualFolder = "/var/tmp";

    private TemporaryFile(int descriptor, string folder)
    {
        Descriptor = descriptor;
        Folder = folder;
    }

    /// <summary>The open file, for reading and writing.</summary>
    public int Descriptor { get; }

    /// <summary>Where it takes space: <c>$TMPDIR</c>, or <c>/var/tmp</c>.</summary>
    public string Folder { get; }

    /// <summary>Makes an empty one.</summary>
    /// <exception cref="ConfigException">That failed.</exception>
    public static TemporaryFile Create()
    {
        string folder = Environment.GetEnvironmentVariable("TMPDIR") is { Length: > 0 } given ? given : UsualFolder;
        int descriptor = Libc.OpenNameless(folder);
        return descriptor >= 0
            ? new TemporaryFile(descriptor, folder)
            : throw new ConfigException($"mkstemp: {folder}/: {((Errno)(-descriptor)).Text()}");
    }

    /// <summary>Makes it a hole of some length, whatever was in it.</summary>
    /// <param name="length">Bytes.</param>
    /// <exception cref="ConfigException">The file system cannot hold a file of that length.</exception>
    public void Clear(ulong length)
    {
        Errno error = Libc.Truncate(Descriptor, 0);
        if (error == Errno.Ok)
            error = Libc.Truncate(Descriptor, length);
        if (error != Errno.Ok)
            throw new ConfigException($"ftruncate: {Folder}: {error.Text()}");
    }

    /// <summary>Closes it, and so removes it.</summary>
    public void Dispose() => Libc.Close(Descriptor);
}
