// A client's view of the remote file. Not: the transfers (RemoteFile), finding the size (SizeProbe).

using System;
using NbdFast.Plugins.Curl.Native;

namespace NbdFast.Plugins.Curl;

/// <summary>A connection, with the size that the file had when it was opened.</summary>
public sealed class CurlConnection : Link, IRangeTransfer
{
    private readonly CurlPlugin _plugin;
    private readonly RemoteFile _file;
    private readonly ulong _size;
    private readonly bool _canWrite;
    private readonly Readahead? _readahead;

    internal CurlConnection(CurlPlugin plugin, RemoteFile file, ulong size, bool canWrite, Readahead? readahead)
    {
        _plugin = plugin;
        _file = file;
        _size = size;
        _canWrite = canWrite;
        _readahead = readahead;
    }

    /// <inheritdoc/>
    public override Errno Describe(ref ExportInfo info)
    {
        info.Size = _size;
        info.CanWrite = info.CanWrite && _canWrite;
        info.MultiConn = !info.CanWrite;   // Of what one connection has written another one may have an older answer.
        return Errno.Ok;
    }

    /// <inheritdoc/>
    [HotPath]
    public override Errno Read(Span<byte> buffer, ulong offset) => _readahead == null
        ? PinnedRange.Read(this, buffer, offset)
        : _readahead.Read(this, buffer, offset);

    /// <inheritdoc/>
    public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags)
    {
        Errno errno = PinnedRange.Write(this, data, offset);
        _plugin.Forget(offset, (ulong)data.Length);   // A write that failed may have been done in part.
        return errno;
    }

    /// <inheritdoc/>
    public override void Close() => _plugin.Closed(_readahead);

    /// <inheritdoc/>
    [HotPath]
    Errno IRangeTransfer.Transfer(nint address, int length, ulong offset, bool isWrite) =>
        _file.Carry(address, length, offset, _size, isWrite);
}
