// file=: one file or block device by its path. Not: a directory of them (ExportDirectory).

using NbdFast.Native;
using NbdFast.Plugins.Shared.Files;

namespace NbdFast.Plugins.Files;

/// <summary>Opens the path anew for each client, so that a file that was put in its place is seen by the next
/// one.</summary>
/// <param name="path">An absolute path.</param>
internal sealed class NamedFile(string path) : IFileSource
{
    /// <inheritdoc/>
    public bool HasNames => false;

    /// <summary>Refuses, when the command line is read, what can never be served.</summary>
    /// <exception cref="ConfigException">The path is of a directory, a pipe or the like, or gone.</exception>
    public void CheckKind()
    {
        Errno error = Libc.Status(Libc.CurrentDirectory, path, out FileStatus status);
        if (error != Errno.Ok)
            throw new ConfigException($"stat: {path}: {error.Text()}");
        if (status.IsDirectory)
            throw new ConfigException($"use dir= to serve files within {path}");
        if (!OpenFile.CanServe(status))
            throw new ConfigException($"file is not regular or block device: {path}");
    }

    /// <inheritdoc/>
    // Only now, for the server may have become another user.
    public void Check() => OpenFile.CheckAccess(path);

    /// <inheritdoc/>
    public Errno Open(string exportName, bool readOnly, out OpenFile? file) =>
        OpenFile.Open(Libc.CurrentDirectory, path, readOnly, out file);

    /// <inheritdoc/>
    public Errno List(ExportList exports)
    {
        exports.UseDefaultExport = true;
        return Errno.Ok;
    }

    /// <inheritdoc/>
    public void Close()
    {
    }
}
