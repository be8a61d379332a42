// fd=: one file or block device that the parent process opened. Not: a directory that it opened (ExportDirectory).

using NbdFast.Native;
using NbdFast.Plugins.Shared.Files;

namespace NbdFast.Plugins.Files;

/// <summary>Serves a descriptor. All clients share what is open there.</summary>
internal sealed class InheritedFile : IFileSource
{
    private readonly int _number;
    private readonly int _descriptor;

    /// <summary>Takes a duplicate, so that whatever becomes of the parent's number (the server replaces 0, 1 and 2)
    /// does not matter.</summary>
    /// <exception cref="ConfigException">It cannot be served.</exception>
    public InheritedFile(int descriptor)
    {
        if (descriptor < 0)
            throw new ConfigException($"fd={descriptor}: a file descriptor cannot be negative");
        _number = descriptor;
        _descriptor = Libc.Duplicate(descriptor);
        if (_descriptor < 0)
            throw new ConfigException($"fd={descriptor}: {((Errno)(-_descriptor)).Text()}");
        if (Objection(_descriptor) is not { } objection)
            return;
        Close();
        throw new ConfigException($"fd={descriptor}: {objection}");
    }

    /// <inheritdoc/>
    public bool HasNames => false;

    /// <inheritdoc/>
    public void Check()
    {
    }

    /// <inheritdoc/>
    public Errno Open(string exportName, bool readOnly, out OpenFile? file)
    {
        file = null;
        int duplicate = Libc.Duplicate(_descriptor);
        return duplicate < 0
            ? Log.Error((Errno)(-duplicate), $"dup: {((Errno)(-duplicate)).Text()}")
            : OpenFile.Adopt(duplicate, $"fd={_number}", !readOnly && IsWritable(_descriptor), out file);
    }

    /// <inheritdoc/>
    public Errno List(ExportList exports)
    {
        exports.UseDefaultExport = true;
        return Errno.Ok;
    }

    /// <inheritdoc/>
    public void Close() => Libc.Close(_descriptor);

    private static string? Objection(int descriptor)
    {
        Errno error = Libc.Status(descriptor, out FileStatus status);
        if (error != Errno.Ok)
            return error.Text();
        if (status.IsDirectory)
            return "this is a directory: use dirfd= to serve the files in it";
        if (!OpenFile.CanServe(status))
            return "file is not regular or block device";
        int flags = Libc.StatusFlags(descriptor);
        if ((flags & OpenFlags.AccessMode) == OpenFlags.WriteOnly || (flags & OpenFlags.PathOnly) != 0)
            return "file is not open for reading";
        // The kernel then writes at the end, whatever position it is told.
        return (flags & OpenFlags.Append) != 0 && IsWritable(descriptor) ? "file is open for appending" : null;
    }

    private static bool IsWritable(int descriptor) =>
        (Libc.StatusFlags(descriptor) & OpenFlags.AccessMode) == OpenFlags.ReadWrite;
}
