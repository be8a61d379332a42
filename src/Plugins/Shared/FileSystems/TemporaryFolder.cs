// A folder for one disk while it is made. Not: what makes it (DiskCommand).

using System;
using NbdFast.Native;

namespace NbdFast.Plugins.Shared.FileSystems;

/// <summary>A private folder, removed with all that is in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private const string Remove = "exec rm -rf -- \"$0\"";
    private readonly string _path;

    private TemporaryFolder(string path) => _path = path;

    /// <summary>The path of the disk.</summary>
    public string Disk => _path + "/disk";

    /// <summary>Makes a folder. Errors have been told.</summary>
    /// <param name="prefix">What its path begins with.</param>
    /// <param name="folder">The folder, or null.</param>
    public static Errno Make(string prefix, out TemporaryFolder? folder)
    {
        Errno errno = Libc.MakePrivateDirectory(prefix, out string path);
        folder = errno == Errno.Ok ? new TemporaryFolder(path) : null;
        return errno == Errno.Ok ? Errno.Ok : Log.Error(errno, $"mkdtemp: {prefix}XXXXXX: {errno.Text()}");
    }

    /// <summary>Removes it. A disk that is open goes when it is closed.</summary>
    public void Dispose()
    {
        Errno errno = Libc.Unlink(Disk);
        if (errno is Errno.Ok or Errno.ENOENT && Libc.RemoveDirectory(_path) == Errno.Ok)
            return;
        // The command has left more than a disk, whatever it is.
        int process = Libc.Spawn("/bin/sh", ["sh", "-c", Remove, _path], withoutInput: true);
        errno = process < 0 ? (Errno)(-process) : Libc.WaitForChild(process, out _);
        if (errno != Errno.Ok)
            Log.Error(errno, $"{_path}: cannot be removed: {errno.Text()}");
    }
}
