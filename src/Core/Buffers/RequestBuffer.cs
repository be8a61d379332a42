// A pooled buffer for the payload of one request. Not: the pool (BufferPool).

using System;
using System.Buffers;
using System.Threading;
using NbdFast.Native;

namespace NbdFast.Buffers;

/// <summary>
/// Room for a payload with room for a reply's header right in front of it, so that header and payload are one run of
/// memory. The payload begins on a page. It is the owner of the memory that asynchronous operations get, so that it can
/// be found from there.
/// </summary>
internal sealed class RequestBuffer : MarkedMemory
{
    /// <summary>Bytes in front of the payload: a page, of which only the last bytes are ever touched.</summary>
    public const int HeaderRoom = 4096;

    private const int Users = 2;

    private readonly NativeBuffer _memory;
    private int _left;

    internal RequestBuffer(NativeBuffer memory, int sizeClass)
    {
        _memory = memory;
        SizeClass = sizeClass;
    }

    /// <summary>The most payload bytes.</summary>
    public int Capacity => _memory.Length - HeaderRoom;

    /// <summary>The address of the payload's first byte.</summary>
    public nint PayloadAddress => _memory.Address + HeaderRoom;

    internal int SizeClass { get; }

    internal RequestBuffer? NextFree { get; set; }

    /// <summary>The first bytes of the payload.</summary>
    [HotPath]
    public Span<byte> Payload(int length) => _memory.Span.Slice(HeaderRoom, length);

    /// <summary>The same for asynchronous operations.</summary>
    [HotPath]
    public Memory<byte> PayloadMemory(int length) => CreateMemory(length);

    /// <inheritdoc/>
    public override Span<byte> GetSpan() => Payload(Capacity);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => _memory.Pin(HeaderRoom + elementIndex);

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <summary>The bytes just before the payload.</summary>
    [HotPath]
    public Span<byte> Header(int length) => _memory.Span.Slice(HeaderRoom - length, length);

    /// <summary>One of two users has done with the buffer.</summary>
    /// <returns>True for the second one, to whom it is left.</returns>
    internal bool LeaveAsSecond()
    {
        if (Interlocked.Increment(ref _left) < Users)
            return false;
        _left = 0;
        return true;
    }

    internal void Populate() => _memory.Populate();

    internal void Release() => _memory.Release();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => Release();
}
