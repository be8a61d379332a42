// One client's temporary disk. Not: how it is made (Example3Plugin).

using System;
using System.IO;
using Microsoft.Win32.SafeHandles;
using NbdFast.Values;

namespace NbdFast.Plugins.Example3;

/// <summary>The disk of one client.</summary>
/// <remarks>
/// The overrides say what it can do: <see cref="Write"/> makes it writable, <see cref="Flush"/> gives it flush, and, as
/// the server flushes after them, writes with "force unit access". Zeroing is missing: the server writes zeroes
/// then. Trimming is missing too, and is not offered. A faster disk would have both, and tell where its holes are.
/// </remarks>
public sealed class Example3Connection : Link
{
    private const int LargestErrno = 4095;

    private readonly SafeFileHandle _file;
    private readonly DiskSize _size;

    internal Example3Connection(SafeFileHandle file, DiskSize size)
    {
        _file = file;
        _size = size;
    }

    /// <summary>That several connections see the same is not said: each of them has another disk.</summary>
    public override Errno Describe(ref ExportInfo info)
    {
        info.Size = _size;
        return Errno.Ok;
    }

    /// <inheritdoc/>
    public override Errno Read(Span<byte> buffer, ulong offset)
    {
        try
        {
            while (!buffer.IsEmpty)
            {
                int count = RandomAccess.Read(_file, buffer, (long)offset);
                if (count == 0)
                    return Log.Error(Errno.EIO, $"unexpected end of file at {offset}");
                buffer = buffer[count..];
                offset += (ulong)count;
            }

            return Errno.Ok;
        }
        catch (IOException error)
        {
            return Failed(error);
        }
    }

    /// <inheritdoc/>
    public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags)
    {
        try
        {
            RandomAccess.Write(_file, data, (long)offset);   // All of it, or it throws.
            return Errno.Ok;
        }
        catch (IOException error)
        {
            return Failed(error);
        }
    }

    /// <summary>Returns when all that was written is on stable storage.</summary>
    public override Errno Flush()
    {
        try
        {
            RandomAccess.FlushToDisk(_file);
            return Errno.Ok;
        }
        catch (IOException error)
        {
            return Failed(error);
        }
    }

    /// <summary>The client is gone, and with the file's last user so is the file.</summary>
    public override void Close() => _file.Dispose();

    /// <summary>Why a file operation failed. Where .NET has no exception of its own for a reason of the system, such as
    /// that there is no space left, it keeps the errno in HResult.</summary>
    internal static Errno ReasonOf(Exception error) => error switch
    {
        DirectoryNotFoundException => Errno.ENOENT,
        UnauthorizedAccessException => Errno.EACCES,
        { HResult: > 0 and <= LargestErrno } => (Errno)error.HResult,
        _ => Errno.EIO,
    };

    private static Errno Failed(IOException error)
    {
        Errno reason = ReasonOf(error);
        return Log.Error(reason, $"temporary file: {reason.Text()}");
    }
}
