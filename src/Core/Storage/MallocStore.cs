// A disk in memory that has all its memory from the start. Not: a sparse one (SparseStore).

using System;
using NbdFast.Native;

namespace NbdFast.Storage;

/// <summary>
/// A disk whose memory the system sets aside as a whole, or refuses; on demand locked, so that it is never swapped out.
/// Nothing is ever given back, and everything counts as allocated.
/// </summary>
public sealed class MallocStore : IBlockStore
{
    private const ulong ClearBytes = 1UL << 30;

    private readonly Mapping _memory;

    private MallocStore(ulong size, Mapping memory)
    {
        Size = size;
        _memory = memory;
    }

    /// <inheritdoc/>
    public ulong Size { get; }

    /// <summary>Makes a store.</summary>
    /// <param name="size">Bytes, at most 2^63 - 1.</param>
    /// <param name="store">The store, or null.</param>
    /// <returns><see cref="Errno.ENOMEM"/> if the system has not got so much memory.</returns>
    public static Errno TryCreate(ulong size, out MallocStore? store)
    {
        Errno error = Mapping.TryReserved(size, out Mapping? memory);
        store = error == Errno.Ok ? new MallocStore(size, memory!) : null;
        return error;
    }

    /// <summary>Makes all of the disk present in memory and keeps it out of swap.</summary>
    /// <returns><see cref="Errno.ENOMEM"/> or <see cref="Errno.EPERM"/> if RLIMIT_MEMLOCK does not allow it.</returns>
    public Errno LockMemory() => _memory.LockAll();

    /// <inheritdoc/>
    [HotPath]
    public Errno Read(Span<byte> buffer, ulong offset)
    {
        _memory.Slice(offset, buffer.Length).CopyTo(buffer);
        return Errno.Ok;
    }

    /// <inheritdoc/>
    [HotPath]
    public Errno Write(ReadOnlySpan<byte> data, ulong offset)
    {
        data.CopyTo(_memory.Slice(offset, data.Length));
        return Errno.Ok;
    }

    /// <inheritdoc/>
    [HotPath]
    public Errno Zero(ulong count, ulong offset)
    {
        while (count > 0)
        {
            ulong length = Math.Min(count, ClearBytes);
            _memory.Slice(offset, (int)length).Clear();
            offset += length;
            count -= length;
        }

        return Errno.Ok;
    }

    /// <inheritdoc/>
    [HotPath]
    public Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents) =>
        extents.Add(offset, count, ExtentType.Data);

    /// <inheritdoc/>
    [HotPath]
    public Loan Lend(uint count, ulong offset) => Loan.OfMemory(_memory.Address + (nint)offset, count);

    /// <inheritdoc/>
    [HotPath]
    public Loan LendForWrite(uint count, ulong offset) => Loan.OfMemory(_memory.Address + (nint)offset, count);

    /// <inheritdoc/>
    public void Written(uint count, ulong offset)
    {
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();
}
