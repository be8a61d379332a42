// Anonymous memory outside of the garbage-collected heap, with its life and its bounds. Not: which part of it is in use
// (Storage), files mapped into memory.

using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading;

namespace NbdFast.Native;

/// <summary>
/// A run of native memory, all zeroes at first. Positions are bytes from its start; they are checked by assertions
/// only. Any number of threads may use it at once. The address stays the same until <see cref="Dispose"/>.
/// </summary>
public sealed unsafe class Mapping : IDisposable
{
    private const ulong CommitStepBytes = 1UL << 20;

    private readonly Lock _committing = new();
    private byte* _start;
    private ulong _committed;
    private bool _cannotPopulate;
    private bool _isLocked;

    private Mapping(nint start, ulong length, ulong committed)
    {
        _start = (byte*)start;
        Length = length;
        _committed = committed;
    }

    /// <summary>Bytes, a multiple of the system's page size.</summary>
    public ulong Length { get; }

    /// <summary>The address of the first byte.</summary>
    public nint Address => (nint)_start;

    /// <summary>Maps memory of which only touched pages count (MAP_NORESERVE), never in huge pages.</summary>
    /// <returns><see cref="Errno.ENOMEM"/> if the address space or the system's overcommit policy does not allow
    /// it.</returns>
    public static Errno TrySparse(ulong length, out Mapping? mapping) =>
        TryMap(length, MemoryProtection.Read | MemoryProtection.Write, reserve: false, out mapping);

    /// <summary>Maps memory that the system sets aside as a whole.</summary>
    /// <returns><see cref="Errno.ENOMEM"/> if there is not enough.</returns>
    public static Errno TryReserved(ulong length, out Mapping? mapping) =>
        TryMap(length, MemoryProtection.Read | MemoryProtection.Write, reserve: true, out mapping);

    /// <summary>As <see cref="TrySparse"/>; where the overcommit policy refuses that (vm.overcommit_memory=2), takes
    /// the address space alone, and <see cref="Commit"/> asks for the memory bit by bit.</summary>
    public static Errno TryGrowing(ulong length, out Mapping? mapping)
    {
        Errno error = TrySparse(length, out mapping);
        return error == Errno.Ok ? error : TryAddressSpace(length, out mapping);
    }

    /// <summary>Takes address space alone, for <see cref="Commit"/> to make usable.</summary>
    internal static Errno TryAddressSpace(ulong length, out Mapping? mapping) =>
        TryMap(length, MemoryProtection.None, reserve: false, out mapping);

    /// <summary>Makes the first <paramref name="length"/> bytes usable. Nothing to do unless the memory was taken as
    /// address space alone.</summary>
    /// <returns><see cref="Errno.ENOMEM"/> if the system has no more memory to promise.</returns>
    public Errno Commit(ulong length)
    {
        Debug.Assert(length <= Length);
        return length <= Volatile.Read(ref _committed) ? Errno.Ok : CommitMore(length);
    }

    /// <summary>The bytes from <paramref name="at"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Slice(ulong at, int length)
    {
        Debug.Assert(length >= 0 && at <= Length && (ulong)length <= Length - at);
        return new Span<byte>(_start + at, length);
    }

    /// <summary>The 64-bit words from word <paramref name="index"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<ulong> Words(ulong index, int count)
    {
        Debug.Assert(count >= 0 && (index + (ulong)count) * sizeof(ulong) <= Length);
        return new Span<ulong>((ulong*)_start + index, count);
    }

    /// <summary>The 64-bit word number <paramref name="index"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref ulong Word(ulong index)
    {
        Debug.Assert(index < Length / sizeof(ulong));
        return ref ((ulong*)_start)[index];
    }

    /// <summary>The 32-bit numbers from number <paramref name="index"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<int> Numbers(ulong index, int count)
    {
        Debug.Assert(count >= 0 && (index + (ulong)count) * sizeof(int) <= Length);
        return new Span<int>((int*)_start + index, count);
    }

    /// <summary>The 32-bit number at position 4 * <paramref name="index"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref int Number(ulong index)
    {
        Debug.Assert(index < Length / sizeof(int));
        return ref ((int*)_start)[index];
    }

    /// <summary>Makes the range present at once, which costs half of faulting it page by page.</summary>
    /// <returns>Ok also where the system does not know how (before Linux 5.14); the pages then come when they are
    /// touched.</returns>
    public Errno Populate(ulong at, ulong length)
    {
        Debug.Assert(at + length <= Length);
        if (_cannotPopulate)
            return Errno.Ok;
        (ulong from, ulong to) = Outwards(at, at + length);
        Errno error = Libc.Advise((nint)(_start + from), to - from, MemoryAdvice.PopulateWrite);
        if (error != Errno.EINVAL)
            return error;
        _cannotPopulate = true;
        return Errno.Ok;
    }

    /// <summary>Gives the range back to the system; it reads as zeroes afterwards.</summary>
    /// <returns>An error if nothing was done: the caller has to clear it.</returns>
    public Errno Discard(ulong at, ulong length)
    {
        Debug.Assert(at + length <= Length);
        if (((at | length) & ((ulong)Environment.SystemPageSize - 1)) != 0)
            return Errno.EINVAL;
        nint start = (nint)(_start + at);
        Errno error = _isLocked ? Errno.EINVAL : Libc.Advise(start, length, MemoryAdvice.DontNeed);
        if (error != Errno.EINVAL)
            return error;

        // Locked memory (mlock, --swap) says EINVAL to the plain form, and will say so again.
        error = Libc.Advise(start, length, MemoryAdvice.DontNeedLocked);
        _isLocked = error == Errno.Ok;
        return error;
    }

    /// <summary>Makes all of it present and keeps it out of swap (mlock(2)).</summary>
    /// <returns><see cref="Errno.ENOMEM"/> or <see cref="Errno.EPERM"/> if RLIMIT_MEMLOCK does not allow it.</returns>
    public Errno LockAll() => Libc.LockMemory((nint)_start, Length);

    /// <summary>Gives all of it back. Nobody may use it any more.</summary>
    public void Dispose()
    {
        if (_start == null)
            return;
        Errno error = Libc.Unmap((nint)_start, Length);
        Debug.Assert(error == Errno.Ok);
        _start = null;
    }

    private static Errno TryMap(ulong length, MemoryProtection protection, bool reserve, out Mapping? mapping)
    {
        mapping = null;
        ulong page = (ulong)Environment.SystemPageSize;
        if (length > long.MaxValue - page)
            return Errno.ENOMEM;
        length = Math.Max(page, (length + page - 1) & ~(page - 1));
        nint start = Libc.MapAnonymous(length, protection, reserve);
        if (start < 0)
            return (Errno)(int)-start;

        // A kernel without huge pages says EINVAL, which is as good.
        if (!reserve)
            Libc.Advise(start, length, MemoryAdvice.NoHugePage);
        mapping = new Mapping(start, length, protection == MemoryProtection.None ? 0 : length);
        return Errno.Ok;
    }

    private Errno CommitMore(ulong length)
    {
        lock (_committing)
        {
            if (length <= _committed)
                return Errno.Ok;
            ulong upTo = Math.Min(Length, (length + CommitStepBytes - 1) & ~(CommitStepBytes - 1));
            Errno error = Libc.Protect(
                (nint)(_start + _committed), upTo - _committed, MemoryProtection.Read | MemoryProtection.Write);
            if (error == Errno.Ok)
                Volatile.Write(ref _committed, upTo);
            return error;
        }
    }

    private (ulong From, ulong To) Outwards(ulong from, ulong to)
    {
        ulong rest = (ulong)Environment.SystemPageSize - 1;
        return (from & ~rest, Math.Min(Length, (to + rest) & ~rest));
    }
}
