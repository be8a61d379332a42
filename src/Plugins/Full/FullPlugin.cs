// The disk that is always full. Not: errors at chosen moments (the error filter).

using System;
using NbdFast.Values;

namespace NbdFast.Plugins.Full;

/// <summary>Serves zeroes; whatever would change the disk fails with <see cref="Errno.ENOSPC"/>, as on a thin disk
/// whose host has run out of space.</summary>
[NbdPlugin("full", "nbdkit full plugin", ThreadModel = ThreadModel.Parallel, Latency = Latency.Memory,
    Description = "Always full: reads as zeroes, writes fail with ENOSPC.")]
public sealed partial class FullPlugin : Plugin
{
    /// <summary>The size of the disk in bytes.</summary>
    [NbdParameter("size", Magic = true, Required = true, Help = "Size of the backing disk.")]
    public DiskSize Size { get; private set; }

    /// <inheritdoc/>
    public override Errno Describe(ref ExportInfo info)
    {
        info.Size = Size;
        info.MultiConn = true;
        info.Cache = CacheSupport.Native;
        return Errno.Ok;
    }

    /// <inheritdoc/>
    [HotPath]
    public override Errno Read(Span<byte> buffer, ulong offset)
    {
        buffer.Clear();
        return Errno.Ok;
    }

    /// <summary>Also what zero requests come to: there is no Zero of its own, so that a fast one is refused as not
    /// supported, and a plain one becomes a write.</summary>
    [HotPath]
    public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags) => Errno.ENOSPC;

    /// <inheritdoc/>
    [HotPath]
    public override Errno Trim(ulong count, ulong offset, RequestFlags flags) => Errno.ENOSPC;

    /// <inheritdoc/>
    [HotPath]
    public override Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents) =>
        extents.Add(offset, count, ExtentType.HoleZero);

    /// <inheritdoc/>
    [HotPath]
    public override Loan Lend(uint count, ulong offset, bool wantHoles) => Loan.OfHole(count);
}
