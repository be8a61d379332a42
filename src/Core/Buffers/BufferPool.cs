// Lends request buffers and takes them back. Not: the bound on their bytes (ByteBudget).

using System.Numerics;
using System.Threading;
using NbdFast.Native;

namespace NbdFast.Buffers;

/// <summary>
/// Buffers in sizes of powers of two, last in first out, so that the memory in use is the memory in the cache. Small
/// ones are cut from larger mappings and kept; of the large ones only so many bytes are kept, the rest goes back to
/// the system.
/// </summary>
internal sealed class BufferPool
{
    /// <summary>The largest payload: the largest request that the server takes.</summary>
    public const int MaximumPayload = 64 << 20;

    private const int SmallestBits = 12;
    private const int LargestBits = 26;
    private const int SlabBits = 16;            // Up to this size buffers are cut from slabs.
    private const int SlabBytes = 1 << 20;
    private const long KeptLargeBytes = 64 << 20;

    private readonly Lock _lock = new();
    private readonly RequestBuffer?[] _free = new RequestBuffer?[LargestBits + 1];
    private long _keptLarge;

    /// <summary>Lends a buffer.</summary>
    /// <param name="payload">Bytes, at most <see cref="MaximumPayload"/>.</param>
    [HotPath]
    public RequestBuffer Rent(int payload)
    {
        int bits = SizeClassOf(payload);
        lock (_lock)
        {
            RequestBuffer? buffer = _free[bits];
            if (buffer == null)
                return Make(bits);
            _free[bits] = buffer.NextFree;
            buffer.NextFree = null;
            if (bits > SlabBits)
                _keptLarge -= 1L << bits;
            return buffer;
        }
    }

    /// <summary>Takes a buffer back.</summary>
    [HotPath]
    public void Return(RequestBuffer buffer)
    {
        lock (_lock)
        {
            int bits = buffer.SizeClass;
            if (bits > SlabBits)
            {
                if (_keptLarge + (1L << bits) > KeptLargeBytes)
                {
                    buffer.Release();
                    return;
                }

                _keptLarge += 1L << bits;
            }

            buffer.NextFree = _free[bits];
            _free[bits] = buffer;
        }
    }

    /// <summary>Makes buffers beforehand, with their memory present.</summary>
    /// <param name="payload">Bytes, at most <see cref="MaximumPayload"/>.</param>
    /// <param name="count">How many there are to be, in use or not.</param>
    public void Fill(int payload, int count)
    {
        RequestBuffer? made = null;
        for (int i = 0; i < count; i++)
        {
            RequestBuffer buffer = Rent(payload);
            buffer.Populate();
            buffer.NextFree = made;
            made = buffer;
        }

        while (made != null)
        {
            RequestBuffer buffer = made;
            made = buffer.NextFree;
            buffer.NextFree = null;
            Return(buffer);
        }
    }

    /// <summary>Bytes that a buffer for such a payload holds.</summary>
    [HotPath]
    public static int CapacityFor(int payload) => 1 << SizeClassOf(payload);

    [HotPath]
    private static int SizeClassOf(int payload) =>
        payload <= 1 << SmallestBits ? SmallestBits : BitOperations.Log2((uint)payload - 1) + 1;

    // The first use of a size: allocates, as every later one does not.
    private RequestBuffer Make(int bits)
    {
        int size = RequestBuffer.HeaderRoom + (1 << bits);
        if (bits > SlabBits)
            return new RequestBuffer(new NativeBuffer(size), bits);

        NativeBuffer slab = new(SlabBytes);
        int count = SlabBytes / size;
        for (int i = 1; i < count; i++)
            _free[bits] = new RequestBuffer(slab.Part(i * size, size), bits) { NextFree = _free[bits] };
        return new RequestBuffer(slab.Part(0, size), bits);
    }
}
