// The content of a file, read from the host each time that a client asks. Not: a disk image (Shared/Files).

using System;
using NbdFast.Native;

namespace NbdFast.Plugins.Floppy;

/// <summary>
/// A file that is opened for each request, so that any number of files can be served. What has become of it since is an
/// error for the client, and never more than that.
/// </summary>
/// <param name="path">The absolute path.</param>
internal sealed class HostFile(string path) : Link
{
    // Whatever stands there by now: no link is followed, no pipe is waited for.
    private static readonly int Flags =
        OpenFlags.ReadOnly | OpenFlags.CloseOnExec | OpenFlags.NoControllingTerminal | OpenFlags.NonBlocking
        | OpenFlags.NoFollow;

    /// <inheritdoc/>
    public override Errno Read(Span<byte> buffer, ulong offset)
    {
        int descriptor = Libc.Open(Libc.CurrentDirectory, path, Flags);
        if (descriptor < 0)
            return Log.Error(Errno.EIO, $"open: {path}: {((Errno)(-descriptor)).Text()}");
        Errno error = Libc.Status(descriptor, out FileStatus status);
        if (error == Errno.Ok)
            error = status.IsRegular
                ? Read(descriptor, buffer, offset)
                : Log.Error(Errno.EIO, $"{path}: this is no regular file any more");
        Libc.Close(descriptor);
        return error == Errno.Ok ? Errno.Ok : Errno.EIO;
    }

    /// <inheritdoc/>
    public override Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents) =>
        extents.Add(offset, count, ExtentType.Data);

    /// <inheritdoc/>
    public override Errno Cache(ulong count, ulong offset)
    {
        int descriptor = Libc.Open(Libc.CurrentDirectory, path, Flags);
        if (descriptor < 0)
            return Errno.Ok;   // A hint; a read tells what is wrong.
        Libc.Advise(descriptor, offset, count, FileAdvice.WillNeed);
        Libc.Close(descriptor);
        return Errno.Ok;
    }

    private Errno Read(int descriptor, Span<byte> buffer, ulong offset)
    {
        while (!buffer.IsEmpty)
        {
            nint count = Libc.ReadAt(descriptor, buffer, offset);
            if (count > 0)
            {
                buffer = buffer[(int)count..];
                offset += (ulong)count;
            }
            else if (count == 0)
                return Log.Error(Errno.EIO, $"{path}: unexpected end of file");
            else if (count != -(nint)Errno.EINTR)
                return Log.Error(Errno.EIO, $"pread: {path}: {((Errno)(-count)).Text()}");
        }

        return Errno.Ok;
    }
}
