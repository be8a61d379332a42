// dir=: the folder whose files are the exports. Not: which names they may have (ExportName), what is in them
// (DiskCommand).

using System;
using System.Collections.Generic;
using System.Threading;
using NbdFast.Native;
using NbdFast.Plugins.Shared.Files;
using NbdFast.Plugins.Shared.FileSystems;

namespace NbdFast.Plugins.Ondemand;

/// <summary>Opens disks, and sees to it that each is made once, even if many clients ask for it at the same
/// time.</summary>
/// <param name="path">An absolute path.</param>
internal sealed class ExportFolder(string path)
{
    /// <summary>The file of the export without a name.</summary>
    public const string DefaultName = "default";

    private const string AsidePrefix = "/.nbdfast-";

    private readonly HashSet<string> _beingOpened = new(StringComparer.Ordinal);

    /// <summary>Removes what a command has left.</summary>
    public static void Discard(string disk)
    {
        Errno errno = Libc.Unlink(disk);
        if (errno is not (Errno.Ok or Errno.ENOENT))
            Log.Error(errno, $"{disk}: cannot be removed: {errno.Text()}");
    }

    /// <summary>Refuses what is no folder.</summary>
    /// <exception cref="ConfigException">It is none, or may not be read.</exception>
    public void Check()
    {
        int folder = Open();
        if (folder < 0)
            throw new ConfigException($"opendir: {path}: {((Errno)(-folder)).Text()}");
        Libc.Close(folder);
    }

    /// <summary>Lists the disks, the default one first, whether it exists or not.</summary>
    public Errno List(ExportList exports)
    {
        int folder = Open();
        if (folder < 0)
            return Log.Error((Errno)(-folder), $"opendir: {path}: {((Errno)(-folder)).Text()}");
        List<string> names = [];
        Errno errno = Libc.ReadDirectory(folder, names);
        if (errno != Errno.Ok)
            Log.Error(errno, $"readdir: {path}: {errno.Text()}");
        else
            errno = exports.Add(DefaultName);
        names.Sort(StringComparer.Ordinal);
        foreach (string name in names)
            if (errno == Errno.Ok && name != DefaultName && ExportName.IsValid(name)
                && Libc.Status(folder, name, out FileStatus status) == Errno.Ok && OpenFile.CanServe(status))
            {
                errno = exports.Add(name);
            }

        Libc.Close(folder);
        return errno;
    }

    /// <summary>Opens a disk. Errors have been told.</summary>
    /// <param name="exportName">Which.</param>
    /// <param name="readOnly">Not for writing.</param>
    /// <param name="make">Makes the disk at a path, if there is none.</param>
    /// <param name="disk">The disk, or null.</param>
    public Errno Open(string exportName, bool readOnly, Func<string, Errno> make, out OpenFile? disk)
    {
        disk = null;
        string name = exportName.Length == 0 ? DefaultName : exportName;
        if (!ExportName.IsValid(name))
            return Log.Error(Errno.ENOENT, $"invalid exportname '{name}' rejected");
        string file = $"{path}/{name}";
        Enter(name);
        try
        {
            Errno errno = Libc.Status(Libc.CurrentDirectory, file, out _);
            if (errno == Errno.ENOENT)
                errno = make(file);
            else if (errno != Errno.Ok)
                Log.Error(errno, $"stat: {file}: {errno.Text()}");
            return errno == Errno.Ok ? OpenFile.Open(Libc.CurrentDirectory, file, readOnly, out disk) : errno;
        }
        finally
        {
            Leave(name);
        }
    }

    /// <summary>Makes a disk in a folder of its own and then moves it to its place; if somebody else was faster, theirs
    /// counts. Errors have been told.</summary>
    public Errno MakeAside(string disk, Func<string, Errno> make)
    {
        Errno errno = TemporaryFolder.Make(path + AsidePrefix, out TemporaryFolder? folder);
        if (errno != Errno.Ok)
            return errno;
        using (folder)
        {
            errno = make(folder!.Disk);
            if (errno != Errno.Ok)
                return errno;
            errno = Libc.Move(folder.Disk, disk);
            return errno is Errno.Ok or Errno.EEXIST ? Errno.Ok : Log.Error(errno, $"link: {disk}: {errno.Text()}");
        }
    }

    private int Open() => Libc.Open(
        Libc.CurrentDirectory, path, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.CloseOnExec);

    private void Enter(string name)
    {
        lock (_beingOpened)
            while (!_beingOpened.Add(name))
                Monitor.Wait(_beingOpened);
    }

    private void Leave(string name)
    {
        lock (_beingOpened)
        {
            _beingOpened.Remove(name);
            Monitor.PulseAll(_beingOpened);
        }
    }
}
