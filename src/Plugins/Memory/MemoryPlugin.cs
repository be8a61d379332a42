// The RAM disk. Not: how its bytes are kept (NbdFast.Storage).

using System;
using System.IO;
using NbdFast.Storage;
using NbdFast.Values;

namespace NbdFast.Plugins.Memory;

/// <summary>Serves a disk in memory, zeroes at first, the same for all connections, gone when the server
/// ends.</summary>
[NbdPlugin("memory", "nbdkit memory plugin", ThreadModel = ThreadModel.Parallel, Latency = Latency.Memory,
    Description = "Virtual memory disk (RAM disk).")]
public sealed partial class MemoryPlugin : Plugin
{
    private IBlockStore? _disk;

    // There before the first connection: GetReady made it, or failed.
    private IBlockStore Disk => _disk!;

    /// <summary>The size of the disk in bytes.</summary>
    [NbdParameter("size", Magic = true, Required = true, Help = "Size of the backing disk.")]
    public DiskSize Size { get; private set; }

    /// <summary>Where the memory comes from; sparse by default.</summary>
    [NbdParameter("allocator", ValueName = "sparse|malloc[,mlock=true]", Help = "Backend allocation strategy.")]
    public Allocator Allocator { get; private set; }

    /// <inheritdoc/>
    public override void DumpFields(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write("mlock=yes\nzstd=no\n");
    }

    /// <inheritdoc/>
    public override void GetReady(ThreadModel model) => _disk = Allocator.Create(Size);

    /// <inheritdoc/>
    public override Errno Describe(ref ExportInfo info)
    {
        info.Size = Size;
        info.MultiConn = true;              // There is one disk for all connections.
        info.Fua = FuaSupport.Native;       // Nothing is more stable than memory here, so nothing is to be done.
        info.CanFastZero = true;
        info.Cache = CacheSupport.Native;   // It is in memory already: without an override, nothing happens.
        return Errno.Ok;
    }

    /// <inheritdoc/>
    [HotPath]
    public override Errno Read(Span<byte> buffer, ulong offset) => Disk.Read(buffer, offset);

    /// <inheritdoc/>
    [HotPath]
    public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags) =>
        Disk.Write(data, offset);

    /// <inheritdoc/>
    [HotPath]
    public override Errno Flush() => Errno.Ok;

    /// <inheritdoc/>
    [HotPath]
    public override Errno Trim(ulong count, ulong offset, RequestFlags flags) => Disk.Zero(count, offset);

    /// <inheritdoc/>
    [HotPath]
    public override Errno Zero(ulong count, ulong offset, RequestFlags flags) => Disk.Zero(count, offset);

    /// <inheritdoc/>
    [HotPath]
    public override Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents) =>
        Disk.Extents(count, offset, flags, extents);

    /// <inheritdoc/>
    [HotPath]
    public override Loan Lend(uint count, ulong offset, bool wantHoles) => Disk.Lend(count, offset);

    /// <inheritdoc/>
    [HotPath]
    public override Loan LendForWrite(uint count, ulong offset) => Disk.LendForWrite(count, offset);

    /// <inheritdoc/>
    [HotPath]
    public override void Written(uint count, ulong offset) => Disk.Written(count, offset);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _disk?.Dispose();
        base.Dispose();
    }
}
