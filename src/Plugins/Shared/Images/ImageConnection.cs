// Requests to a disk that was made before any client came, and that nobody changes. Not: making it, disks that can be
// written.

using System;

namespace NbdFast.Plugins.Shared.Images;

/// <summary>Hands on what reads, from a source that all connections share. What would change the disk is not there, so
/// that it is read-only whatever its source can do.</summary>
public sealed class ImageConnection : Link
{
    private readonly Link _source;

    /// <summary>Serves a source, which is not closed with the connection.</summary>
    internal ImageConnection(Link source) => _source = source;

    /// <inheritdoc/>
    public override Errno Describe(ref ExportInfo info)
    {
        ExportInfo below = info;
        Errno error = _source.Describe(ref below);
        info.Size = below.Size;
        info.CanExtents = below.CanExtents;
        info.MultiConn = true;
        return error;
    }

    /// <inheritdoc/>
    [HotPath]
    public override Errno Read(Span<byte> buffer, ulong offset) => _source.Read(buffer, offset);

    /// <inheritdoc/>
    [HotPath]
    public override Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents) =>
        _source.Extents(count, offset, flags, extents);

    /// <inheritdoc/>
    [HotPath]
    public override Errno Cache(ulong count, ulong offset) => _source.Cache(count, offset);

    /// <inheritdoc/>
    [HotPath]
    public override Loan Lend(uint count, ulong offset, bool wantHoles) => _source.Lend(count, offset, wantHoles);
}
