// One open file or block device and the facts about it. Not: requests (FileConnection), where it came from
// (IFileSource).

using System;
using NbdFast.Native;

namespace NbdFast.Plugins.Shared.Files;

/// <summary>A descriptor, owned by one connection.</summary>
internal sealed class OpenFile : IDisposable
{
    private const ulong Ext4 = 0xef53;
    private const ulong Xfs = 0x58465342;
    private const ulong Btrfs = 0x9123683e;

    private OpenFile(int descriptor, bool isBlockDevice, bool canWrite, ulong size)
    {
        Descriptor = descriptor;
        IsBlockDevice = isBlockDevice;
        CanWrite = canWrite;
        Size = size;
    }

    /// <summary>The open file.</summary>
    public int Descriptor { get; }

    /// <summary>A block device rather than a regular file.</summary>
    public bool IsBlockDevice { get; }

    /// <summary>It is open for writing.</summary>
    public bool CanWrite { get; }

    /// <summary>The size in bytes when it was opened.</summary>
    public ulong Size { get; }

    /// <summary>
    /// A write with RWF_DSYNC is durable when it returns. True only where that is known, for network and user-space
    /// file systems have been seen to take the flag and forget it; elsewhere a write and fdatasync do the same, but
    /// wait for everything else that is dirty in the file.
    /// </summary>
    public bool WritesDurably =>
        IsBlockDevice ||
        (Libc.FileSystemKind(Descriptor, out ulong kind) == Errno.Ok && kind is Ext4 or Xfs or Btrfs);

    /// <summary>Regular files and block devices can be served, nothing else.</summary>
    public static bool CanServe(FileStatus status) => status.IsRegular || status.IsBlockDevice;

    /// <summary>Refuses, when the command line is read, what can never be served.</summary>
    /// <exception cref="ConfigException">The path is of a directory, a pipe or the like, or gone.</exception>
    public static void CheckKind(string path)
    {
        Errno error = Libc.Status(Libc.CurrentDirectory, path, out FileStatus status);
        if (error != Errno.Ok)
            throw new ConfigException($"stat: {path}: {error.Text()}");
        if (status.IsDirectory)
            throw new ConfigException($"open: {path}: {Errno.EISDIR.Text()}");
        if (!CanServe(status))
            throw new ConfigException($"file is not regular or block device: {path}");
    }

    /// <summary>Refuses what cannot be read by the user that the server has become.</summary>
    /// <exception cref="ConfigException">The path cannot be opened.</exception>
    public static void CheckAccess(string path)
    {
        int descriptor = Libc.Open(Libc.CurrentDirectory, path, OpenFlags.ReadOnly | OpenFlags.CloseOnExec);
        if (descriptor < 0)
            throw new ConfigException($"open: {path}: {((Errno)(-descriptor)).Text()}");
        Libc.Close(descriptor);
    }

    /// <summary>Opens a file: for reading and writing if that is wanted and allowed, else for reading. Errors have been
    /// told.</summary>
    /// <param name="directory">Where a relative path starts.</param>
    /// <param name="path">The path; symbolic links are followed.</param>
    /// <param name="readOnly">Open it for reading only.</param>
    /// <param name="file">The open file.</param>
    public static Errno Open(int directory, string path, bool readOnly, out OpenFile? file)
    {
        file = null;
        // Looked at before it is opened: opening a pipe waits for a writer, opening some devices does things.
        Errno error = Libc.Status(directory, path, out FileStatus status);
        if (error != Errno.Ok)
            return Log.Error(error, $"open: {path}: {error.Text()}");
        if (!CanServe(status))
            return Log.Error(Errno.EINVAL, $"file is not regular or block device: {path}");

        const int Flags = OpenFlags.CloseOnExec | OpenFlags.NoControllingTerminal;
        bool canWrite = !readOnly;
        int descriptor = Libc.Open(directory, path, Flags | (readOnly ? OpenFlags.ReadOnly : OpenFlags.ReadWrite));
        if (canWrite && IsWriteRefusal((Errno)(-descriptor)))
        {
            Log.Debug($"file: {path} can be opened for reading only: {((Errno)(-descriptor)).Text()}");
            canWrite = false;
            descriptor = Libc.Open(directory, path, Flags | OpenFlags.ReadOnly);
        }

        if (descriptor < 0)
            return Log.Error((Errno)(-descriptor), $"open: {path}: {((Errno)(-descriptor)).Text()}");
        return Adopt(descriptor, path, canWrite, out file);
    }

    /// <summary>Takes over an open descriptor; it is closed if that fails. Errors have been told.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="canWrite">It is open for writing.</param>
    /// <param name="file">The open file.</param>
    public static Errno Adopt(int descriptor, string name, bool canWrite, out OpenFile? file)
    {
        file = null;
        Errno error = Libc.Status(descriptor, out FileStatus status);
        ulong size = status.Size;
        if (error == Errno.Ok && !CanServe(status))
        {
            Libc.Close(descriptor);
            return Log.Error(Errno.EINVAL, $"file is not regular or block device: {name}");
        }

        if (error == Errno.Ok && status.IsBlockDevice)
            error = Libc.BlockDeviceSize(descriptor, out size);
        if (error != Errno.Ok)
        {
            Libc.Close(descriptor);
            return Log.Error(error, $"cannot get the size of {name}: {error.Text()}");
        }

        file = new OpenFile(descriptor, status.IsBlockDevice, canWrite, size);
        return Errno.Ok;
    }

    /// <summary>Closes the descriptor.</summary>
    public void Dispose() => Libc.Close(Descriptor);

    // Not our file, a read-only place, or a program that runs: it can still be read.
    private static bool IsWriteRefusal(Errno error) =>
        error is Errno.EACCES or Errno.EPERM or Errno.EROFS or Errno.ETXTBSY;
}
