// Memory outside of the GC heap, with an address that never moves. Not: who may use it when (Buffers).

using System;
using System.Buffers;
using System.Runtime.InteropServices;

namespace NbdFast.Native;

/// <summary>
/// An anonymous private mapping: pages exist only where they were touched, and the kernel may read and write it while no
/// thread looks after it.
/// </summary>
public sealed unsafe class NativeBuffer : MemoryManager<byte>
{
    private const int ProtRead = 1;
    private const int ProtWrite = 2;
    private const int MapPrivate = 2;
    private const int MapAnonymous = 0x20;
    private const int MapNoReserve = 0x4000;

    private readonly byte* _start;
    private readonly bool _owns;
    private bool _released;

    /// <summary>Maps memory.</summary>
    /// <param name="length">Bytes, at least 1.</param>
    /// <exception cref="InsufficientMemoryException">The system has none.</exception>
    public NativeBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        void* start = mmap(null, (nuint)length, ProtRead | ProtWrite, MapPrivate | MapAnonymous | MapNoReserve, -1, 0);
        if ((nint)start == -1)
            throw new InsufficientMemoryException($"cannot map {length} bytes");
        _start = (byte*)start;
        Length = length;
        _owns = true;
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
    public void Release()
    {
        if (_released || !_owns)
            return;
        _released = true;
        _ = munmap(_start, (nuint)Length);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => Release();

    [DllImport("libc")]
    private static extern void* mmap(void* address, nuint length, int protection, int flags, int descriptor, long offset);

    [DllImport("libc")]
    private static extern int munmap(void* address, nuint length);
}
