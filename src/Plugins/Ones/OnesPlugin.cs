// One byte over and over. Not: patterns of several bytes (data, pattern).

using System;
using NbdFast.Native;
using NbdFast.Values;

namespace NbdFast.Plugins.Ones;

/// <summary>Serves one repeated byte; what is written is thrown away.</summary>
[NbdPlugin("ones", "nbdkit ones plugin", ThreadModel = ThreadModel.Parallel, Latency = Latency.Memory,
    Description = "Filled with repeated 0xff or other bytes, writes are discarded.")]
public sealed partial class OnesPlugin : Plugin
{
    // Lent over and over. Large enough to make few segments of a large read, small enough to be filled in no time.
    private const int LentBytes = 64 << 10;

    private Mapping? _lent;

    /// <summary>The size of the disk in bytes.</summary>
    [NbdParameter("size", Magic = true, Help = "Size of the backing disk.")]
    public DiskSize Size { get; private set; }

    /// <summary>The byte.</summary>
    [NbdParameter("byte", ValueName = "N", Help = "Repeating byte to use (default: 0xff).")]
    public byte Byte { get; private set; } = 0xff;

    /// <inheritdoc/>
    public override void GetReady(ThreadModel model)
    {
        // Without the memory there is nothing to lend, and Read does it all.
        if (Mapping.TrySparse(LentBytes, out _lent) == Errno.Ok)
            _lent!.Slice(0, LentBytes).Fill(Byte);
    }

    /// <inheritdoc/>
    public override Errno Describe(ref ExportInfo info)
    {
        info.Size = Size;
        info.MultiConn = true;              // Every connection sees the same bytes.
        info.Fua = FuaSupport.Native;       // What is thrown away needs no stable storage.
        info.CanFastZero = true;
        info.Cache = CacheSupport.Native;
        return Errno.Ok;
    }

    /// <inheritdoc/>
    [HotPath]
    public override Errno Read(Span<byte> buffer, ulong offset)
    {
        buffer.Fill(Byte);
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
    public override Loan Lend(uint count, ulong offset, bool wantHoles) =>
        _lent == null ? Loan.None : Loan.OfMemory(_lent.Address, Math.Min(count, LentBytes));

    /// <inheritdoc/>
    public override void Dispose()
    {
        _lent?.Dispose();
        base.Dispose();
    }
}
