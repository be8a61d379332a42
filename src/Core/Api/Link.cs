// One layer of one open connection: what plugins and filters override. Not: process-wide matters (Plugin, Filter).

using System;
using System.Threading.Tasks;
using NbdFast.Chain;

namespace NbdFast;

/// <summary>
/// One layer of one connection. What a class overrides is what it can do: the generator reads the overrides and the
/// chain leaves out a layer wherever it overrides nothing. Offsets and counts are in bytes, already checked against
/// <see cref="ExportInfo.Size"/>. Operations return <see cref="Errno.Ok"/> or the errno for the client; they do not
/// throw.
/// </summary>
/// <remarks>
/// Each operation has an async twin. Override one of the two, never both: the sync one unless the backend waits on a
/// network. The other is supplied: async over sync is a finished task, sync over async waits.
/// </remarks>
public abstract class Link
{
    /// <summary>The first call after opening in which I/O to the layers below is allowed (<c>.prepare</c>). An error is
    /// told to the client, which may try another export.</summary>
    public virtual Errno Prepare() => Errno.Ok;

    /// <summary>Changes what differs in the export's description; called once per connection, from the plugin outwards
    /// (<c>.get_size</c>, <c>.block_size</c>, <c>.can_*</c>).</summary>
    /// <param name="info">For a plugin the defaults, for a filter what the layer below described.</param>
    public virtual Errno Describe(ref ExportInfo info) => Errno.Ok;

    /// <summary>The last call in which I/O to the layers below is allowed (<c>.finalize</c>), outermost layer
    /// first.</summary>
    public virtual Errno Finish() => Errno.Ok;

    /// <summary>The connection is gone: release what it held. No I/O below any more (<c>.close</c>).</summary>
    public virtual void Close()
    {
    }

    /// <summary>Fills the whole <paramref name="buffer"/> from <paramref name="offset"/> on (<c>.pread</c>).</summary>
    public virtual Errno Read(Span<byte> buffer, ulong offset) => SyncBridge.Read(this, buffer, offset);

    /// <summary>Writes all of <paramref name="data"/> at <paramref name="offset"/> (<c>.pwrite</c>).</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="offset">The position of the first byte.</param>
    /// <param name="flags"><see cref="RequestFlags.Fua"/> or none.</param>
    public virtual Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags) =>
        SyncBridge.Write(this, data, offset, flags);

    /// <summary>Brings every write that was answered before to stable storage (<c>.flush</c>).</summary>
    public virtual Errno Flush() => SyncBridge.Wait(FlushAsync());

    /// <summary>Says that the range is not needed any more (<c>.trim</c>).</summary>
    /// <param name="count">Bytes; may be more than 4 GiB.</param>
    /// <param name="offset">The position of the first byte.</param>
    /// <param name="flags"><see cref="RequestFlags.Fua"/> or none.</param>
    public virtual Errno Trim(ulong count, ulong offset, RequestFlags flags) =>
        SyncBridge.Wait(TrimAsync(count, offset, flags));

    /// <summary>Makes the range read as zeroes (<c>.zero</c>).</summary>
    /// <param name="count">Bytes; may be more than 4 GiB.</param>
    /// <param name="offset">The position of the first byte.</param>
    /// <param name="flags"><see cref="RequestFlags.MayTrim"/>, <see cref="RequestFlags.Fua"/>,
    /// <see cref="RequestFlags.FastZero"/>.</param>
    /// <returns><see cref="Errno.ENOTSUP"/> makes the server write zeroes instead, unless FastZero was asked.</returns>
    public virtual Errno Zero(ulong count, ulong offset, RequestFlags flags) =>
        SyncBridge.Wait(ZeroAsync(count, offset, flags));

    /// <summary>Says what of the range is allocated (<c>.extents</c>).</summary>
    /// <param name="count">Bytes; may be more than 4 GiB.</param>
    /// <param name="offset">The position of the first byte.</param>
    /// <param name="flags"><see cref="RequestFlags.ReqOne"/> or none.</param>
    /// <param name="extents">Where to add them, in ascending order, at least one.</param>
    public virtual Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents) =>
        SyncBridge.Wait(ExtentsAsync(count, offset, flags, extents));

    /// <summary>Gets the range ready for reads to come (<c>.cache</c>).</summary>
    public virtual Errno Cache(ulong count, ulong offset) => SyncBridge.Wait(CacheAsync(count, offset));

    /// <summary>
    /// Says where bytes lie instead of copying them, for as many as lie in one piece from <paramref name="offset"/> on.
    /// What is lent stays readable until the connection closes; its content may change meanwhile, as with any
    /// overlapping I/O. A layer that looks at data, or changes it, does not override this, and so ends lending above
    /// it.
    /// </summary>
    /// <param name="count">How many bytes are asked for, at least 1.</param>
    /// <param name="offset">The position of the first byte.</param>
    /// <param name="wantHoles">The client takes holes as such: a search for them is worth its cost.</param>
    /// <returns><see cref="Loan.None"/> to be asked by <see cref="Read"/> instead.</returns>
    public virtual Loan Lend(uint count, ulong offset, bool wantHoles) => Loan.None;

    /// <summary>
    /// Says where the data of a write belongs, so that it is received straight to its place. Each loan is followed by
    /// one <see cref="Written"/>; a write with flags goes to <see cref="Write"/>. The rules of <see cref="Lend"/> hold:
    /// a layer that looks at data, or changes it, overrides neither of the two.
    /// </summary>
    /// <param name="count">Bytes, at least 1.</param>
    /// <param name="offset">The position of the first byte.</param>
    /// <returns>A loan of all of the range, of <see cref="LoanKind.Memory"/> or <see cref="LoanKind.File"/>, or
    /// <see cref="Loan.None"/> to be called by <see cref="Write"/> instead.</returns>
    public virtual Loan LendForWrite(uint count, ulong offset) => Loan.None;

    /// <summary>What <see cref="LendForWrite"/> lent was filled; or, when the client went in the middle of it, in
    /// part.</summary>
    public virtual void Written(uint count, ulong offset)
    {
    }

    /// <summary>The async twin of <see cref="Read"/>.</summary>
    public virtual ValueTask<Errno> ReadAsync(Memory<byte> buffer, ulong offset) => new(Read(buffer.Span, offset));

    /// <summary>
    /// What <see cref="ReadHoles"/> notes while <see cref="ReadAsync"/> runs is true when it has ended. A filter that
    /// overrides reading and passes its buffer on untouched says what the layer below says; one that looks at data, or
    /// changes it, does not override this.
    /// </summary>
    public virtual bool MarksHoles => false;

    /// <summary>The async twin of <see cref="Write"/>.</summary>
    public virtual ValueTask<Errno> WriteAsync(ReadOnlyMemory<byte> data, ulong offset, RequestFlags flags) =>
        new(Write(data.Span, offset, flags));

    /// <summary>The async twin of <see cref="Flush"/>.</summary>
    public virtual ValueTask<Errno> FlushAsync() => new(Flush());

    /// <summary>The async twin of <see cref="Trim"/>.</summary>
    public virtual ValueTask<Errno> TrimAsync(ulong count, ulong offset, RequestFlags flags) =>
        new(Trim(count, offset, flags));

    /// <summary>The async twin of <see cref="Zero"/>.</summary>
    public virtual ValueTask<Errno> ZeroAsync(ulong count, ulong offset, RequestFlags flags) =>
        new(Zero(count, offset, flags));

    /// <summary>The async twin of <see cref="Extents"/>.</summary>
    public virtual ValueTask<Errno> ExtentsAsync(
        ulong count, ulong offset, RequestFlags flags, ExtentList extents) =>
        new(Extents(count, offset, flags, extents));

    /// <summary>The async twin of <see cref="Cache"/>.</summary>
    public virtual ValueTask<Errno> CacheAsync(ulong count, ulong offset) => new(Cache(count, offset));
}
