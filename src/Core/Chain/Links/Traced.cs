// Writes a line for each operation, as nbdkit does under -v. Not: messages about opening and closing (ChainOpener,
// OpenedLayers).

using System;
using System.Threading.Tasks;

namespace NbdFast.Chain.Links;

/// <summary>Tells of each operation and passes it on. Lending ends here, so that every read is seen.</summary>
internal sealed class Traced(string name, ChainNext next) : Link
{
    /// <inheritdoc/>
    public override Errno Read(Span<byte> buffer, ulong offset)
    {
        TellOfRead(buffer.Length, offset);
        return next.Read(buffer, offset);
    }

    /// <inheritdoc/>
    public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags)
    {
        TellOfWrite(data.Length, offset, flags);
        return next.Write(data, offset, flags);
    }

    /// <inheritdoc/>
    public override Errno Flush()
    {
        TellOfFlush();
        return next.Flush();
    }

    /// <inheritdoc/>
    public override Errno Trim(ulong count, ulong offset, RequestFlags flags)
    {
        TellOfTrim(count, offset, flags);
        return next.Trim(count, offset, flags);
    }

    /// <inheritdoc/>
    public override Errno Zero(ulong count, ulong offset, RequestFlags flags)
    {
        TellOfZero(count, offset, flags);
        return next.Zero(count, offset, flags);
    }

    /// <inheritdoc/>
    public override Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents)
    {
        TellOfExtents(count, offset, flags);
        return next.Extents(count, offset, flags, extents);
    }

    /// <inheritdoc/>
    public override Errno Cache(ulong count, ulong offset)
    {
        TellOfCache(count, offset);
        return next.Cache(count, offset);
    }

    /// <inheritdoc/>
    public override bool MarksHoles => next.Reader.MarksHoles;

    /// <inheritdoc/>
    public override ValueTask<Errno> ReadAsync(Memory<byte> buffer, ulong offset)
    {
        TellOfRead(buffer.Length, offset);
        return next.ReadAsync(buffer, offset);
    }

    /// <inheritdoc/>
    public override ValueTask<Errno> WriteAsync(ReadOnlyMemory<byte> data, ulong offset, RequestFlags flags)
    {
        TellOfWrite(data.Length, offset, flags);
        return next.WriteAsync(data, offset, flags);
    }

    /// <inheritdoc/>
    public override ValueTask<Errno> FlushAsync()
    {
        TellOfFlush();
        return next.FlushAsync();
    }

    /// <inheritdoc/>
    public override ValueTask<Errno> TrimAsync(ulong count, ulong offset, RequestFlags flags)
    {
        TellOfTrim(count, offset, flags);
        return next.TrimAsync(count, offset, flags);
    }

    /// <inheritdoc/>
    public override ValueTask<Errno> ZeroAsync(ulong count, ulong offset, RequestFlags flags)
    {
        TellOfZero(count, offset, flags);
        return next.ZeroAsync(count, offset, flags);
    }

    /// <inheritdoc/>
    public override ValueTask<Errno> ExtentsAsync(
        ulong count, ulong offset, RequestFlags flags, ExtentList extents)
    {
        TellOfExtents(count, offset, flags);
        return next.ExtentsAsync(count, offset, flags, extents);
    }

    /// <inheritdoc/>
    public override ValueTask<Errno> CacheAsync(ulong count, ulong offset)
    {
        TellOfCache(count, offset);
        return next.CacheAsync(count, offset);
    }

    private static int Bit(RequestFlags flags, RequestFlags one) => (flags & one) != 0 ? 1 : 0;

    private void TellOfRead(int count, ulong offset) => Log.Debug($"{name}: pread count={count} offset={offset}");

    private void TellOfWrite(int count, ulong offset, RequestFlags flags) =>
        Log.Debug($"{name}: pwrite count={count} offset={offset} fua={Bit(flags, RequestFlags.Fua)}");

    private void TellOfFlush() => Log.Debug($"{name}: flush");

    private void TellOfTrim(ulong count, ulong offset, RequestFlags flags) =>
        Log.Debug($"{name}: trim count={count} offset={offset} fua={Bit(flags, RequestFlags.Fua)}");

    private void TellOfZero(ulong count, ulong offset, RequestFlags flags) => Log.Debug(
        $"{name}: zero count={count} offset={offset} may_trim={Bit(flags, RequestFlags.MayTrim)}" +
        $" fua={Bit(flags, RequestFlags.Fua)} fast={Bit(flags, RequestFlags.FastZero)}");

    private void TellOfExtents(ulong count, ulong offset, RequestFlags flags) =>
        Log.Debug($"{name}: extents count={count} offset={offset} req_one={Bit(flags, RequestFlags.ReqOne)}");

    private void TellOfCache(ulong count, ulong offset) => Log.Debug($"{name}: cache count={count} offset={offset}");
}
