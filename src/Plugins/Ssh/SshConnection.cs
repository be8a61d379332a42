// A client's view of the remote file. Not: how requests get there (Sftp), opening (SshPlugin).

using System;
using System.Threading.Tasks;
using NbdFast.Plugins.Ssh.Sftp;

namespace NbdFast.Plugins.Ssh;

/// <summary>A session with the open file, with the size that it had when it was opened.</summary>
public sealed class SshConnection : Link
{
    private readonly SftpLoop _loop;
    private readonly ulong _size;
    private readonly bool _canFlush;

    internal SshConnection(SftpLoop loop, ulong size, bool canFlush)
    {
        _loop = loop;
        _size = size;
        _canFlush = canFlush;
    }

    /// <inheritdoc/>
    public override Errno Describe(ref ExportInfo info)
    {
        info.Size = _size;
        info.CanFlush = _canFlush;
        info.MultiConn = true;   // All sessions go to one file, and a flush is of the file, not of a session.
        return Errno.Ok;
    }

    /// <inheritdoc/>
    [HotPath]
    public override ValueTask<Errno> ReadAsync(Memory<byte> buffer, ulong offset) =>
        _loop.Start(FileRequestKind.Read, buffer, offset);

    /// <inheritdoc/>
    [HotPath]
    public override ValueTask<Errno> WriteAsync(ReadOnlyMemory<byte> data, ulong offset, RequestFlags flags) =>
        _loop.Start(FileRequestKind.Write, data, offset);

    /// <inheritdoc/>
    [HotPath]
    public override ValueTask<Errno> FlushAsync() =>
        _loop.Start(FileRequestKind.Sync, ReadOnlyMemory<byte>.Empty, 0);

    /// <inheritdoc/>
    public override void Close() => _loop.Dispose();
}
