// Memory outside of the GC heap, with an address that never moves. Not: who may use it when (Buffers).

using System;
using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace NbdFast.Native;

/// <summary>
/// An anonymous private mapping: pages exist only where they were touched, and the kernel may read and write it while
/// no thread looks after it.
/// </summary>
public sealed unsafe class NativeBuffer : MemoryManager<byte>
{
    private const int CacheLineBytes = 64;

    private readonly byte* _start;
    private readonly Mapping? _mapping;

    /// <summary>Maps memory.</summary>
    /// <param name="length">Bytes, at least 1.</param>
    /// <exception cref="InsufficientMemoryException">The system has none.</exception>
    public NativeBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        if (Mapping.TrySparse((ulong)length, out _mapping) != Errno.Ok)
            throw new InsufficientMemoryException($"cannot map {length} bytes");
        _start = (byte*)_mapping!.Address;
        Length = length;
    }

    private NativeBuffer(byte* start, int length)
    {
        _start = start;
        Length = length;
    }

    /// <summary>Bytes.</summary>
    public int Length { get; }

    /// <summary>The address of the first byte.</summary>
    public nint Address => (nint)_start;

    /// <summary>All of it.</summary>
    public Span<byte> Span => new(_start, Length);

    /// <summary>Memory that somebody else has at an address, and keeps as long as it is used.</summary>
    public static Span<byte> At(nint address, int length) => new((void*)address, length);

    /// <summary>The address of memory that never moves.</summary>
    public static nint AddressOf(ReadOnlySpan<byte> memory) =>
        (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(memory));

    /// <summary>Asks the processor to bring memory into its caches; nothing happens where it is not
    /// accessible.</summary>
    /// <param name="address">The first byte.</param>
    /// <param name="length">Bytes, at least 1.</param>
    public static void Prefetch(nint address, int length)
    {
        if (!Sse.IsSupported)
            return;   // .NET has this call for one kind of processor.
        byte* end = (byte*)address + length;
        for (byte* line = (byte*)address; line < end; line += CacheLineBytes)
            Sse.Prefetch0(line);
    }

    /// <summary>Makes all of it present.</summary>
    /// <returns>An error if the system has no memory, or no such call; then it comes when it is touched.</returns>
    public Errno Populate()
    {
        nint start = Address & ~(nint)(Environment.SystemPageSize - 1);
        return Libc.Advise(start, (ulong)(Address + Length - start), MemoryAdvice.PopulateWrite);
    }

    /// <summary>A part of it; valid as long as the whole is.</summary>
    public NativeBuffer Part(int offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length - offset);
        return new NativeBuffer(_start + offset, length);
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan() => Span;

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex);

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <summary>Gives the memory back to the system. Nobody may use it any more.</summary>
    public void Release() => _mapping?.Dispose();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => Release();
}
