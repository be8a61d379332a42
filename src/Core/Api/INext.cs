// The layers below, as a filter sees them. Not: how they were put together (Chain/ChainNext, generated fused structs).

using System;
using System.Threading.Tasks;

namespace NbdFast;

/// <summary>
/// The layers below a filter. A struct behind a type parameter, so that a chain which was fused at compile time costs
/// no call at all and every other one a single virtual call. The operations are those of <see cref="Link"/>, with
/// emulation already laid over what lies below.
/// </summary>
public interface INext
{
    /// <summary>What the layer below described. Valid from <see cref="Link.Prepare"/> on.</summary>
    ref readonly ExportInfo Info { get; }

    /// <inheritdoc cref="Link.Read"/>
    Errno Read(Span<byte> buffer, ulong offset);

    /// <inheritdoc cref="Link.Write"/>
    Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags);

    /// <inheritdoc cref="Link.Flush"/>
    Errno Flush();

    /// <inheritdoc cref="Link.Trim"/>
    Errno Trim(ulong count, ulong offset, RequestFlags flags);

    /// <inheritdoc cref="Link.Zero"/>
    Errno Zero(ulong count, ulong offset, RequestFlags flags);

    /// <inheritdoc cref="Link.Extents"/>
    Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents);

    /// <inheritdoc cref="Link.Cache"/>
    Errno Cache(ulong count, ulong offset);

    /// <inheritdoc cref="Link.Lend"/>
    Loan Lend(uint count, ulong offset, bool wantHoles);

    /// <inheritdoc cref="Link.LendForWrite"/>
    Loan LendForWrite(uint count, ulong offset);

    /// <inheritdoc cref="Link.Written"/>
    void Written(uint count, ulong offset);

    /// <inheritdoc cref="Link.ReadAsync"/>
    ValueTask<Errno> ReadAsync(Memory<byte> buffer, ulong offset);

    /// <inheritdoc cref="Link.WriteAsync"/>
    ValueTask<Errno> WriteAsync(ReadOnlyMemory<byte> data, ulong offset, RequestFlags flags);

    /// <inheritdoc cref="Link.FlushAsync"/>
    ValueTask<Errno> FlushAsync();

    /// <inheritdoc cref="Link.TrimAsync"/>
    ValueTask<Errno> TrimAsync(ulong count, ulong offset, RequestFlags flags);

    /// <inheritdoc cref="Link.ZeroAsync"/>
    ValueTask<Errno> ZeroAsync(ulong count, ulong offset, RequestFlags flags);

    /// <inheritdoc cref="Link.ExtentsAsync"/>
    ValueTask<Errno> ExtentsAsync(ulong count, ulong offset, RequestFlags flags, ExtentList extents);

    /// <inheritdoc cref="Link.CacheAsync"/>
    ValueTask<Errno> CacheAsync(ulong count, ulong offset);
}
