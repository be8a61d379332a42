// A disk's worth of bytes in memory, whatever form they are kept in. Not: parameters, capabilities, connections (the
// units that use a store).

using System;

namespace NbdFast.Storage;

/// <summary>
/// Bytes from 0 to <see cref="Size"/>, zeroes at first. Positions and counts are in bytes and already checked against
/// the size. Any number of threads may call at once without locks: overlapping calls may be done in any order, byte by
/// byte (as NBD allows), calls that do not overlap never disturb each other. No call allocates or throws.
/// </summary>
public interface IBlockStore : IDisposable
{
    /// <summary>The size in bytes.</summary>
    ulong Size { get; }

    /// <summary>Fills the whole <paramref name="buffer"/>.</summary>
    Errno Read(Span<byte> buffer, ulong offset);

    /// <summary>Stores all of <paramref name="data"/>.</summary>
    /// <returns><see cref="Errno.ENOSPC"/> if the store is full, <see cref="Errno.ENOMEM"/> if the system has no more
    /// memory.</returns>
    Errno Write(ReadOnlySpan<byte> data, ulong offset);

    /// <summary>Makes the range read as zeroes; memory is given back where that pays.</summary>
    Errno Zero(ulong count, ulong offset);

    /// <summary>Says what of the range is stored; with <see cref="RequestFlags.ReqOne"/> the first extent is
    /// enough.</summary>
    Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents);

    /// <summary>Says where bytes lie, with the meaning of <see cref="Link.Lend"/>. What is lent stays readable until
    /// the store is disposed of.</summary>
    Loan Lend(uint count, ulong offset);

    /// <summary>Says where the data of a write belongs, with the meaning of <see cref="Link.LendForWrite"/>.</summary>
    Loan LendForWrite(uint count, ulong offset);

    /// <summary>Ends what <see cref="LendForWrite"/> began.</summary>
    void Written(uint count, ulong offset);
}
