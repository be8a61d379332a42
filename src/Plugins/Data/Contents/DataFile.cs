// "<FILE": an open file. Not: reading what has no size (Source).

using System;
using NbdFast.Native;

namespace NbdFast.Plugins.Data.Contents;

/// <summary>A file, open until the disk is filled.</summary>
internal sealed class DataFile : IDisposable
{
    private readonly ulong _size;

    private DataFile(string path, int descriptor, FileStatus status)
    {
        Path = path;
        Descriptor = descriptor;
        _size = status.Size;
        // What the kernel makes up, as in /proc, says that it is empty, and is not.
        HasSize = status.IsRegular && status.Size > 0;
    }

    /// <summary>The path, as it stands in the expression.</summary>
    public string Path { get; }

    /// <summary>The descriptor.</summary>
    public int Descriptor { get; }

    /// <summary>Where it ends is known without reading it.</summary>
    public bool HasSize { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">Absolute, or relative to the current directory.</param>
    /// <param name="file">The file, or null.</param>
    public static Errno Open(string path, out DataFile? file)
    {
        file = null;
        int descriptor = Libc.Open(Libc.CurrentDirectory, path, OpenFlags.ReadOnly | OpenFlags.CloseOnExec);
        if (descriptor < 0)
            return (Errno)(-descriptor);
        Errno errno = Libc.Status(descriptor, out FileStatus status);
        if (errno == Errno.Ok && status.IsDirectory)
            errno = Errno.EISDIR;
        if (errno == Errno.Ok)
            file = new DataFile(path, descriptor, status);
        else
            Libc.Close(descriptor);
        return errno;
    }

    /// <summary>All of it. Holes are known as zeroes, where the file system tells of them.</summary>
    public Content Content()
    {
        LayoutBuilder content = new();
        content.Extend(_size);
        for (ulong position = 0; position < _size;)
        {
            long data = Libc.NextData(Descriptor, position);
            if (data == -(long)Errno.ENXIO)
                break;   // A hole up to the end.
            long hole = data < 0 ? data : Libc.NextHole(Descriptor, (ulong)data);
            ulong start = data < 0 ? position : (ulong)data;
            ulong end = hole < 0 ? _size : Math.Min((ulong)hole, _size);
            if (start >= end)
                break;
            content.Add(start, new FilePart(this, start, end - start));
            position = end;
        }

        return content.Build();
    }

    /// <summary>Closes it.</summary>
    public void Dispose() => Libc.Close(Descriptor);
}
