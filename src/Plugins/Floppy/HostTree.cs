// Looks at the directory that is served. Not: contents of files, which are read when clients ask for them (HostFile).

using System;
using System.Collections.Generic;
using NbdFast.Native;

namespace NbdFast.Plugins.Floppy;

/// <summary>Regular files and directories, all the way down; everything else is passed over.</summary>
internal static class HostTree
{
    // FAT counts in years from 1980, with 7 bits.
    private static readonly DateTime Earliest = new(1980, 1, 1);
    private static readonly DateTime Latest = new(2107, 12, 31);

    /// <summary>Reads a directory.</summary>
    /// <param name="path">The absolute path.</param>
    /// <exception cref="ConfigException">A directory cannot be read, a file is too large, or a name is no
    /// text.</exception>
    public static HostEntry Read(string path)
    {
        Errno error = Libc.LinkStatus(path, out FileStatus status);
        if (error != Errno.Ok)
            throw new ConfigException($"stat: {path}: {error.Text()}");
        HostEntry root = new(path, isFolder: true, 0, TimeOf(status));
        // Not by recursion: how deep directories go is not ours to say.
        Stack<HostEntry> folders = new([root]);
        while (folders.TryPop(out HostEntry? folder))
        {
            ReadFolder(folder);
            foreach (HostEntry child in folder.Children)
                if (child.IsFolder)
                    folders.Push(child);
        }

        return root;
    }

    private static void ReadFolder(HostEntry folder)
    {
        List<string> names = [];
        int descriptor = Libc.Open(
            Libc.CurrentDirectory, folder.Path, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.CloseOnExec);
        string? leftOut = null;
        Errno error = descriptor < 0 ? (Errno)(-descriptor) : Libc.ReadDirectory(descriptor, names, out leftOut);
        if (descriptor >= 0)
            Libc.Close(descriptor);
        if (error != Errno.Ok)
            throw new ConfigException($"opendir: {folder.Path}: {error.Text()}");
        if (leftOut != null)
            throw new ConfigException(
                $"{folder.Path}/{leftOut}: the name is not UTF-8, so that it cannot be a long name of FAT");
        names.Sort(StringComparer.Ordinal);
        foreach (string name in names)
            if (name is not ("." or ".."))
                Add(folder, System.IO.Path.Combine(folder.Path, name));
    }

    private static void Add(HostEntry folder, string path)
    {
        Errno error = Libc.LinkStatus(path, out FileStatus status);
        if (error == Errno.ENOENT)
            return;   // Gone since.
        if (error != Errno.Ok)
            throw new ConfigException($"stat: {path}: {error.Text()}");
        if (!status.IsRegular && !status.IsDirectory)
        {
            Log.Debug($"floppy: passed over, neither file nor directory: {path}");
            return;
        }

        if (status.IsRegular && status.Size > uint.MaxValue)
            throw new ConfigException(
                $"{path}: the file is larger than 4 GiB less one byte, which FAT32 cannot hold");
        uint bytes = status.IsDirectory ? 0 : (uint)status.Size;
        folder.Children.Add(new HostEntry(path, status.IsDirectory, bytes, TimeOf(status)));
    }

    private static DateTime TimeOf(in FileStatus status)
    {
        long seconds = Math.Clamp(
            status.ModifiedSeconds, new DateTimeOffset(Earliest, TimeSpan.Zero).ToUnixTimeSeconds(),
            new DateTimeOffset(Latest, TimeSpan.Zero).ToUnixTimeSeconds());
        DateTime local = DateTimeOffset.FromUnixTimeSeconds(seconds).LocalDateTime;
        return local < Earliest ? Earliest : local;
    }
}
