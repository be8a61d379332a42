// A client's connection: requests are passed on. Not: how they get there (NbdFast.Client).

using System;
using System.Threading.Tasks;

namespace NbdFast.Plugins.Nbd;

/// <summary>Passes each request on as it is; none of them waits here.</summary>
public sealed class RemoteConnection : Link
{
    private readonly Upstream _upstream;
    private readonly bool _isOwner;
    private readonly bool _isAlone;

    // Alone is one whose server was started for it: other clients have other servers.
    internal RemoteConnection(Upstream upstream, bool isOwner, bool isAlone)
    {
        _isAlone = isAlone;
        _upstream = upstream;
        _isOwner = isOwner;
    }

    /// <inheritdoc/>
    public override Errno Describe(ref ExportInfo info)
    {
        _upstream.First.Describe(ref info);
        info.MultiConn &= !_isAlone;
        return Errno.Ok;
    }

    /// <inheritdoc/>
    public override bool MarksHoles => true;

    /// <inheritdoc/>
    [HotPath]
    public override ValueTask<Errno> ReadAsync(Memory<byte> buffer, ulong offset) =>
        _upstream.Pick().ReadAsync(buffer, offset);

    /// <inheritdoc/>
    [HotPath]
    public override ValueTask<Errno> WriteAsync(ReadOnlyMemory<byte> data, ulong offset, RequestFlags flags) =>
        _upstream.Pick().WriteAsync(data, offset, flags);

    /// <inheritdoc/>
    [HotPath]
    public override ValueTask<Errno> FlushAsync() => _upstream.Pick().FlushAsync();

    /// <inheritdoc/>
    [HotPath]
    public override ValueTask<Errno> TrimAsync(ulong count, ulong offset, RequestFlags flags) =>
        _upstream.Pick().TrimAsync(count, offset, flags);

    /// <inheritdoc/>
    [HotPath]
    public override ValueTask<Errno> ZeroAsync(ulong count, ulong offset, RequestFlags flags) =>
        _upstream.Pick().ZeroAsync(count, offset, flags);

    /// <inheritdoc/>
    [HotPath]
    public override ValueTask<Errno> ExtentsAsync(
        ulong count, ulong offset, RequestFlags flags, ExtentList extents) =>
        _upstream.Pick().ExtentsAsync(count, offset, flags, extents);

    /// <inheritdoc/>
    [HotPath]
    public override ValueTask<Errno> CacheAsync(ulong count, ulong offset) =>
        _upstream.Pick().CacheAsync(count, offset);

    /// <inheritdoc/>
    public override void Close()
    {
        if (_isOwner)
            _upstream.Dispose();
    }
}
