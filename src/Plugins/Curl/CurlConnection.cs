// A client's view of the remote file. Not: its requests under way (RangeRequest), finding the size (SizeProbe).

using System;
using System.Collections.Generic;
using System.Threading.Tasks;

namespace NbdFast.Plugins.Curl;

/// <summary>A connection, with the size that the file had when it was opened.</summary>
public sealed class CurlConnection : Link
{
    private readonly CurlPlugin _plugin;
    private readonly bool _canWrite;
    private readonly object _lock = new();
    private readonly Stack<RangeRequest> _free = new();

    internal CurlConnection(CurlPlugin plugin, RemoteFile file, ulong size, bool canWrite, Readahead? readahead)
    {
        _plugin = plugin;
        File = file;
        Size = size;
        _canWrite = canWrite;
        Readahead = readahead;
    }

    internal RemoteFile File { get; }

    internal ulong Size { get; }

    internal Readahead? Readahead { get; }

    /// <inheritdoc/>
    public override Errno Describe(ref ExportInfo info)
    {
        info.Size = Size;
        info.CanWrite = info.CanWrite && _canWrite;
        info.MultiConn = !info.CanWrite;   // Of what one connection has written another one may have an older answer.
        return Errno.Ok;
    }

    /// <inheritdoc/>
    [HotPath]
    public override ValueTask<Errno> ReadAsync(Memory<byte> buffer, ulong offset) => Rent().Read(buffer, offset);

    /// <inheritdoc/>
    public override ValueTask<Errno> WriteAsync(ReadOnlyMemory<byte> data, ulong offset, RequestFlags flags) =>
        Rent().Write(data, offset);

    /// <inheritdoc/>
    public override void Close() => _plugin.Closed(Readahead);

    /// <summary>A range may have changed, for a write that failed may have been done in part.</summary>
    internal void Wrote(ulong offset, ulong count) => _plugin.Forget(offset, count);

    /// <summary>Takes back a request that has been answered.</summary>
    [HotPath]
    internal void Return(RangeRequest request)
    {
        lock (_lock)
            _free.Push(request);
    }

    [HotPath]
    private RangeRequest Rent()
    {
        lock (_lock)
        {
            if (_free.TryPop(out RangeRequest? request))
                return request;
        }

        return Make();
    }

    private RangeRequest Make() => new(this);
}
