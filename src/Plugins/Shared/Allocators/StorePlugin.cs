// What plugins have in common whose disk is in memory. Not: what is on the disk at first, and how large it is.

using System;
using System.IO;
using NbdFast.Storage;

namespace NbdFast.Plugins.Shared.Allocators;

/// <summary>A plugin with one disk in memory, the same for all connections, gone when the server ends.</summary>
public abstract class StorePlugin : Plugin
{
    private IBlockStore? _disk;

    // There before the first connection: GetReady made it, or failed.
    private IBlockStore Disk => _disk!;

    /// <inheritdoc/>
    public override void DumpFields(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write($"mlock=yes\nzstd={(ZstdStore.IsAvailable ? "yes" : "no")}\n");
    }

    /// <inheritdoc/>
    public sealed override void GetReady(ThreadModel model) => _disk = Create();

    /// <inheritdoc/>
    public sealed override Errno Describe(ref ExportInfo info)
    {
        info.Size = Disk.Size;
        info.MultiConn = true;              // There is one disk for all connections.
        info.Fua = FuaSupport.Native;       // Nothing is more stable than memory here, so nothing is to be done.
        info.CanFastZero = true;
        info.Cache = CacheSupport.Native;   // It is in memory already: without an override, nothing happens.
        return Errno.Ok;
    }

    /// <inheritdoc/>
    [HotPath]
    public sealed override Errno Read(Span<byte> buffer, ulong offset) => Disk.Read(buffer, offset);

    /// <inheritdoc/>
    [HotPath]
    public sealed override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags) =>
        Disk.Write(data, offset);

    /// <inheritdoc/>
    [HotPath]
    public sealed override Errno Flush() => Errno.Ok;

    /// <inheritdoc/>
    [HotPath]
    public sealed override Errno Trim(ulong count, ulong offset, RequestFlags flags) => Disk.Zero(count, offset);

    /// <inheritdoc/>
    [HotPath]
    public sealed override Errno Zero(ulong count, ulong offset, RequestFlags flags) => Disk.Zero(count, offset);

    /// <inheritdoc/>
    [HotPath]
    public sealed override Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents) =>
        Disk.Extents(count, offset, flags, extents);

    /// <inheritdoc/>
    [HotPath]
    public sealed override Loan Lend(uint count, ulong offset, bool wantHoles) => Disk.Lend(count, offset);

    /// <inheritdoc/>
    [HotPath]
    public sealed override Loan LendForWrite(uint count, ulong offset) => Disk.LendForWrite(count, offset);

    /// <inheritdoc/>
    [HotPath]
    public sealed override void Written(uint count, ulong offset) => Disk.Written(count, offset);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _disk?.Dispose();
        base.Dispose();
    }

    /// <summary>Makes the disk, with what is on it.</summary>
    /// <exception cref="ConfigException">It cannot be made.</exception>
    private protected abstract IBlockStore Create();
}
