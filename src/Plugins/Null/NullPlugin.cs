// The bit bucket. Not: a disk that keeps what is written (memory), or refuses it (full).

using System;
using NbdFast.Values;

namespace NbdFast.Plugins.Null;

/// <summary>Serves zeroes; what is written is thrown away.</summary>
[NbdPlugin("null", "nbdkit null plugin", ThreadModel = ThreadModel.Parallel, Latency = Latency.Memory,
    Description = "Bitbucket: reads as zeroes, writes are discarded.")]
public sealed partial class NullPlugin : Plugin
{
    /// <summary>The size of the disk in bytes.</summary>
    [NbdParameter("size", Magic = true, Help = "Size of the backing disk.")]
    public DiskSize Size { get; private set; }

    /// <inheritdoc/>
    public override Errno Describe(ref ExportInfo info)
    {
        info.Size = Size;
        info.MultiConn = true;              // Every connection sees the same zeroes.
        info.Fua = FuaSupport.Native;       // What is thrown away needs no stable storage.
        info.CanFastZero = true;
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

    /// <inheritdoc/>
    [HotPath]
    public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags) => Errno.Ok;

    /// <inheritdoc/>
    [HotPath]
    public override Errno Flush() => Errno.Ok;

    /// <inheritdoc/>
    [HotPath]
    public override Errno Trim(ulong count, ulong offset, RequestFlags flags) => Errno.Ok;

    /// <inheritdoc/>
    [HotPath]
    public override Errno Zero(ulong count, ulong offset, RequestFlags flags) => Errno.Ok;

    /// <inheritdoc/>
    [HotPath]
    public override Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents) =>
        extents.Add(offset, count, ExtentType.HoleZero);

    /// <inheritdoc/>
    [HotPath]
    public override Loan Lend(uint count, ulong offset, bool wantHoles) => Loan.OfHole(count);
}
