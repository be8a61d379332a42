// One client's open file. Not: which file (Example2Plugin).

using System;
using System.IO;
using Microsoft.Win32.SafeHandles;

namespace NbdFast.Plugins.Example2;

/// <summary>The disk of one client. Requests may come on several threads at once: <see cref="RandomAccess"/> takes the
/// position with each call, so that they do not disturb each other.</summary>
public sealed class Example2Connection : Link
{
    private readonly SafeFileHandle _file;
    private readonly long _length;

    internal Example2Connection(SafeFileHandle file, long length)
    {
        _file = file;
        _length = length;
    }

    /// <summary>The size is what it was when the client came: a disk does not change its size under a client.</summary>
    public override Errno Describe(ref ExportInfo info)
    {
        info.Size = (ulong)_length;
        info.MultiConn = true;   // Nobody writes here, so that several connections cannot disagree.
        return Errno.Ok;
    }

    /// <summary>A request is answered as a whole or not at all. The system may give less than was asked for, so there
    /// is a loop; it gives nothing when the file has become shorter, and that is an error.</summary>
    /// <remarks>.NET tells of errors by exceptions, which end here: the server takes an <see cref="Errno"/>. One that
    /// escapes would do no harm but for a worse message; the client gets EIO then.</remarks>
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
        catch (IOException)
        {
            return Log.Error(Errno.EIO, $"cannot read at {offset}");
        }
    }

    /// <summary>The last call: the client is gone, and its file is closed.</summary>
    public override void Close() => _file.Dispose();
}
