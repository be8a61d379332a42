// dir= and dirfd=: the files of a directory, chosen by the export's name. Not: anything below or outside of it,
// unless a symbolic link leads there.

using System;
using System.Collections.Generic;
using NbdFast.Native;
using NbdFast.Plugins.Shared.Files;

namespace NbdFast.Plugins.Files;

/// <summary>Opens the directory anew for each client, so that what is put into it or in its place is seen.</summary>
internal sealed class ExportDirectory : IFileSource
{
    private const string Itself = ".";

    private readonly int _start = Libc.CurrentDirectory;
    private readonly string _path = Itself;

    /// <summary>Serves the directory at a path.</summary>
    /// <param name="path">An absolute path.</param>
    /// <exception cref="ConfigException">It is no directory.</exception>
    public ExportDirectory(string path)
    {
        _path = path;
        CheckIsDirectory(path);
    }

    /// <summary>Serves the directory that the parent process opened.</summary>
    /// <exception cref="ConfigException">It is no directory.</exception>
    public ExportDirectory(int descriptor)
    {
        if (descriptor < 0)
            throw new ConfigException($"dirfd={descriptor}: a file descriptor cannot be negative");
        _start = Libc.Duplicate(descriptor);
        if (_start < 0)
            throw new ConfigException($"dirfd={descriptor}: {((Errno)(-_start)).Text()}");
        CheckIsDirectory($"dirfd={descriptor}");
    }

    /// <inheritdoc/>
    public bool HasNames => true;

    /// <inheritdoc/>
    // Only now, for the server may have become another user.
    public void Check()
    {
        int directory = OpenDirectory();
        if (directory < 0)
            throw new ConfigException($"open: {_path}: {((Errno)(-directory)).Text()}");
        Libc.Close(directory);
    }

    /// <inheritdoc/>
    public Errno Open(string exportName, bool readOnly, out OpenFile? file)
    {
        file = null;
        if (exportName.Contains('/', StringComparison.Ordinal))
            return Log.Error(Errno.EINVAL, $"exportname cannot contain /");
        int directory = OpenDirectory();
        if (directory < 0)
            return Log.Error((Errno)(-directory), $"open: {_path}: {((Errno)(-directory)).Text()}");
        Errno error = OpenFile.Open(directory, exportName, readOnly, out file);
        Libc.Close(directory);
        return error;
    }

    /// <inheritdoc/>
    public Errno List(ExportList exports)
    {
        int directory = OpenDirectory();
        if (directory < 0)
            return Log.Error((Errno)(-directory), $"open: {_path}: {((Errno)(-directory)).Text()}");
        List<string> names = [];
        Errno error = Libc.ReadDirectory(directory, names);
        if (error != Errno.Ok)
            Log.Error(error, $"readdir: {_path}: {error.Text()}");
        names.Sort(StringComparer.Ordinal);
        foreach (string name in names)
        {
            // A name that has gone since, or leads nowhere, cannot be opened and is not listed.
            if (error == Errno.Ok && Libc.Status(directory, name, out FileStatus status) == Errno.Ok &&
                OpenFile.CanServe(status))
            {
                error = exports.Add(name);
            }
        }

        Libc.Close(directory);
        return error;
    }

    /// <inheritdoc/>
    public void Close()
    {
        if (_start >= 0)
            Libc.Close(_start);
    }

    private int OpenDirectory() =>
        Libc.Open(_start, _path, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.CloseOnExec);

    private void CheckIsDirectory(string shown)
    {
        Errno error = Libc.Status(_start, _path, out FileStatus status);
        if (error is Errno.Ok && status.IsDirectory)
            return;
        Close();
        throw new ConfigException(
            error is Errno.Ok or Errno.ENOTDIR ? $"expecting a directory: {shown}" : $"stat: {shown}: {error.Text()}");
    }
}
