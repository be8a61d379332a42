// Asserts at test time that callers and layers keep the contract of Api/Link. Not: checks of clients' requests
// (Protocol/RequestRules).

using System;
using System.Threading.Tasks;

namespace NbdFast.Chain.Links;

/// <summary>Throws where a caller asks for what the layer did not offer, or a layer answers what it must not. Passes
/// everything on, lending too.</summary>
internal sealed class Checked(string name, ChainNext next, OpenedLayers place) : Link
{
    private ref readonly ExportInfo Info => ref next.Info;

    /// <inheritdoc/>
    public override Errno Read(Span<byte> buffer, ulong offset)
    {
        Range((ulong)buffer.Length, offset);
        return next.Read(buffer, offset);
    }

    /// <inheritdoc/>
    public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags)
    {
        Changing((ulong)data.Length, offset, flags, RequestFlags.Fua);
        return next.Write(data, offset, flags);
    }

    /// <inheritdoc/>
    public override Errno Flush()
    {
        Flushing();
        return next.Flush();
    }

    /// <inheritdoc/>
    public override Errno Trim(ulong count, ulong offset, RequestFlags flags)
    {
        Trimming(count, offset, flags);
        return next.Trim(count, offset, flags);
    }

    /// <inheritdoc/>
    public override Errno Zero(ulong count, ulong offset, RequestFlags flags)
    {
        Zeroing(count, offset, flags);
        return Zeroed(next.Zero(count, offset, flags), flags);
    }

    /// <inheritdoc/>
    public override Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents)
    {
        Range(count, offset);
        Flags(flags, RequestFlags.ReqOne);
        return Listed(next.Extents(count, offset, flags, extents), extents);
    }

    /// <inheritdoc/>
    public override Errno Cache(ulong count, ulong offset)
    {
        Caching(count, offset);
        return next.Cache(count, offset);
    }

    /// <inheritdoc/>
    public override Loan Lend(uint count, ulong offset, bool wantHoles)
    {
        Range(count, offset);
        Loan loan = next.Lend(count, offset, wantHoles);
        Holds(loan.Length <= count, "lent more than was asked for");
        Holds((loan.Kind == LoanKind.None) == (loan.Length == 0), "a loan has a length and nothing else has");
        return loan;
    }

    /// <inheritdoc/>
    public override Loan LendForWrite(uint count, ulong offset)
    {
        Changing(count, offset, RequestFlags.None, RequestFlags.None);
        Loan loan = next.LendForWrite(count, offset);
        Holds(loan.Kind == LoanKind.None || loan.Length == count, "a loan for a write is of the whole range");
        Holds(loan.Kind != LoanKind.Hole, "nothing can be written to a hole");
        return loan;
    }

    /// <inheritdoc/>
    public override void Written(uint count, ulong offset)
    {
        Range(count, offset);
        next.Written(count, offset);
    }

    /// <inheritdoc/>
    public override bool MarksHoles => next.Reader.MarksHoles;

    /// <inheritdoc/>
    public override ValueTask<Errno> ReadAsync(Memory<byte> buffer, ulong offset)
    {
        Range((ulong)buffer.Length, offset);
        return next.ReadAsync(buffer, offset);
    }

    /// <inheritdoc/>
    public override ValueTask<Errno> WriteAsync(ReadOnlyMemory<byte> data, ulong offset, RequestFlags flags)
    {
        Changing((ulong)data.Length, offset, flags, RequestFlags.Fua);
        return next.WriteAsync(data, offset, flags);
    }

    /// <inheritdoc/>
    public override ValueTask<Errno> FlushAsync()
    {
        Flushing();
        return next.FlushAsync();
    }

    /// <inheritdoc/>
    public override ValueTask<Errno> TrimAsync(ulong count, ulong offset, RequestFlags flags)
    {
        Trimming(count, offset, flags);
        return next.TrimAsync(count, offset, flags);
    }

    /// <inheritdoc/>
    public override async ValueTask<Errno> ZeroAsync(ulong count, ulong offset, RequestFlags flags)
    {
        Zeroing(count, offset, flags);
        return Zeroed(await next.ZeroAsync(count, offset, flags).ConfigureAwait(false), flags);
    }

    /// <inheritdoc/>
    public override async ValueTask<Errno> ExtentsAsync(
        ulong count, ulong offset, RequestFlags flags, ExtentList extents)
    {
        Range(count, offset);
        Flags(flags, RequestFlags.ReqOne);
        return Listed(await next.ExtentsAsync(count, offset, flags, extents).ConfigureAwait(false), extents);
    }

    /// <inheritdoc/>
    public override ValueTask<Errno> CacheAsync(ulong count, ulong offset)
    {
        Caching(count, offset);
        return next.CacheAsync(count, offset);
    }

    private void Range(ulong count, ulong offset)
    {
        Holds(!place.IsFinished, "no operation after Finish");
        Holds(count > 0, "a request has at least one byte");
        Holds(offset <= Info.Size && count <= Info.Size - offset, $"[{offset}, +{count}) is outside of {Info.Size}");
    }

    private void Flags(RequestFlags flags, RequestFlags allowed)
    {
        if (Info.Fua == FuaSupport.None)
            allowed &= ~RequestFlags.Fua;
        if (!Info.CanFastZero)
            allowed &= ~RequestFlags.FastZero;
        Holds((flags & ~allowed) == 0, $"flags {flags & ~allowed} were not offered");
    }

    private void Changing(ulong count, ulong offset, RequestFlags flags, RequestFlags allowed)
    {
        Range(count, offset);
        Flags(flags, allowed);
        Holds(Info.CanWrite, "the layer is read-only");
    }

    private void Trimming(ulong count, ulong offset, RequestFlags flags)
    {
        Changing(count, offset, flags, RequestFlags.Fua);
        Holds(Info.CanTrim, "the layer cannot trim");
    }

    private void Zeroing(ulong count, ulong offset, RequestFlags flags)
    {
        Changing(count, offset, flags, RequestFlags.MayTrim | RequestFlags.Fua | RequestFlags.FastZero);
        Holds(Info.Zero != ZeroSupport.None, "the layer cannot zero");
    }

    private void Flushing()
    {
        Holds(!place.IsFinished, "no operation after Finish");
        Holds(Info.CanFlush || Info.Fua == FuaSupport.Emulate, "the layer cannot flush");
    }

    private void Caching(ulong count, ulong offset)
    {
        Range(count, offset);
        Holds(Info.Cache != CacheSupport.None, "the layer cannot cache");
    }

    private Errno Zeroed(Errno errno, RequestFlags flags)
    {
        Holds(
            errno != Errno.ENOTSUP || (flags & RequestFlags.FastZero) != 0,
            "only a fast zero may be answered with ENOTSUP");
        return errno;
    }

    private Errno Listed(Errno errno, ExtentList extents)
    {
        Holds(errno != Errno.Ok || extents.Count > 0, "at least one extent is needed");
        return errno;
    }

    private void Holds(bool condition, string rule)
    {
        if (!condition)
            throw new InvalidOperationException($"{name}: {rule}");
    }
}
