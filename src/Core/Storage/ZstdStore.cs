// A disk in memory that is compressed. Not: the library (ZstdContext), where blocks are found (BlockDirectory).

using System;
using System.Buffers.Binary;
using System.Threading;
using NbdFast.Native;

namespace NbdFast.Storage;

/// <summary>
/// A sparse disk of up to 2^63 - 1 bytes in blocks of 32 KiB, each compressed by itself. A block of zeroes is not kept
/// at all, one that does not become smaller is kept as it is. Extents have the granularity of a block.
/// </summary>
/// <remarks>Who reads or changes a block holds one of <see cref="LockCount"/> locks, chosen by the block's number:
/// threads that work on different blocks hardly ever meet. What compressing needs is made once for each thread that
/// does so at the same time, and used again.</remarks>
public sealed class ZstdStore : IBlockStore
{
    /// <summary>Bytes of a block: a small request pays for all of it, and smaller ones compress worse.</summary>
    public const int BlockBytes = 32 << 10;

    private const int Level = 1;
    private const int LockCount = 256;
    private const int LengthBytes = sizeof(int);

    private readonly BlockDirectory _blocks;
    private readonly ulong _count;
    private readonly Lock[] _locks = new Lock[LockCount];
    private readonly Lock _lending = new();
    private ZstdContext? _idle;

    private ZstdStore(ulong size, ulong count, BlockDirectory blocks)
    {
        Size = size;
        _count = count;
        _blocks = blocks;
        for (int i = 0; i < LockCount; i++)
            _locks[i] = new Lock();
    }

    /// <summary>The library is there; without it there is no such store.</summary>
    public static bool IsAvailable => ZstdContext.IsAvailable;

    /// <summary>The file that must be there.</summary>
    public static string Library => ZstdContext.Library;

    /// <inheritdoc/>
    public ulong Size { get; }

    /// <summary>Makes a store. <see cref="IsAvailable"/> must be true.</summary>
    /// <param name="size">Bytes, at most 2^63 - 1.</param>
    /// <param name="store">The store, or null.</param>
    /// <returns><see cref="Errno.ENOMEM"/> if there is not even address space for its directory.</returns>
    public static Errno TryCreate(ulong size, out ZstdStore? store)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, ExportInfo.MaximumSize);
        ulong count = (size / BlockBytes) + 1;
        Errno error = BlockDirectory.TryCreate(count, out BlockDirectory? blocks);
        store = error == Errno.Ok ? new ZstdStore(size, count, blocks!) : null;
        return error;
    }

    /// <inheritdoc/>
    [HotPath]
    public Errno Read(Span<byte> buffer, ulong offset)
    {
        ZstdContext? context = Rent();
        Errno error = context == null ? NoMemory() : Errno.Ok;
        while (!buffer.IsEmpty && error == Errno.Ok)
        {
            Split(offset, (ulong)buffer.Length, out ulong block, out int start, out int length);
            error = ReadPart(context!, block, start, buffer[..length]);
            buffer = buffer[length..];
            offset += (ulong)length;
        }

        Return(context);
        return error;
    }

    /// <inheritdoc/>
    [HotPath]
    public Errno Write(ReadOnlySpan<byte> data, ulong offset)
    {
        ZstdContext? context = Rent();
        Errno error = context == null ? NoMemory() : Errno.Ok;
        while (!data.IsEmpty && error == Errno.Ok)
        {
            Split(offset, (ulong)data.Length, out ulong block, out int start, out int length);
            error = WritePart(context!, block, start, data[..length]);
            data = data[length..];
            offset += (ulong)length;
        }

        Return(context);
        return error;
    }

    /// <inheritdoc/>
    [HotPath]
    public Errno Zero(ulong count, ulong offset)
    {
        ZstdContext? context = Rent();
        Errno error = context == null ? NoMemory() : Errno.Ok;
        ulong end = offset + count;
        ulong endBlock = (end + BlockBytes - 1) / BlockBytes;
        while (offset < end && error == Errno.Ok)
        {
            ulong kept = _blocks.NextKept(offset / BlockBytes, endBlock);
            offset = Math.Max(offset, kept * BlockBytes);
            if (offset >= end)
                break;
            Split(offset, end - offset, out ulong block, out int start, out int length);
            error = ZeroPart(context!, block, start, length);
            offset += (ulong)length;
        }

        Return(context);
        return error;
    }

    /// <inheritdoc/>
    [HotPath]
    public Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents)
    {
        ulong end = offset + count;
        ulong endBlock = (end + BlockBytes - 1) / BlockBytes;
        while (offset < end)
        {
            ulong block = offset / BlockBytes;
            ulong next = _blocks.NextKept(block, endBlock);
            bool isHole = next > block;
            if (!isHole)
                next = _blocks.NextAbsent(block + 1, endBlock);
            ulong stop = Math.Min(end, next * BlockBytes);
            Errno error = extents.Add(offset, stop - offset, isHole ? ExtentType.HoleZero : ExtentType.Data);
            bool isEnough = (flags & RequestFlags.ReqOne) != 0 || extents.IsFull
                || extents.Count == ExtentList.MaximumCount;
            if (error != Errno.Ok || isEnough)
                return error;
            offset = stop;
        }

        return Errno.Ok;
    }

    /// <inheritdoc/>
    /// <remarks>Only holes: nothing else lies in memory as clients see it.</remarks>
    [HotPath]
    public Loan Lend(uint count, ulong offset)
    {
        ulong end = offset + count;
        ulong kept = _blocks.NextKept(offset / BlockBytes, (end + BlockBytes - 1) / BlockBytes);
        ulong stop = Math.Min(end, kept * BlockBytes);
        return stop > offset ? Loan.OfHole((uint)(stop - offset)) : Loan.None;
    }

    /// <inheritdoc/>
    public Loan LendForWrite(uint count, ulong offset) => Loan.None;

    /// <inheritdoc/>
    public void Written(uint count, ulong offset)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (ulong block = 0; (block = _blocks.NextKept(block, _count)) < _count; block++)
            Libc.FreeMemory(_blocks.Find(block));
        _blocks.Dispose();
        for (; _idle != null; _idle = _idle.Next)
            _idle.Dispose();
    }

    [HotPath]
    private static void Split(ulong offset, ulong count, out ulong block, out int start, out int length)
    {
        block = offset / BlockBytes;
        start = (int)(offset % BlockBytes);
        length = (int)Math.Min(count, (ulong)(BlockBytes - start));
    }

    [HotPath]
    private Errno ReadPart(ZstdContext context, ulong block, int start, Span<byte> part)
    {
        lock (LockOf(block))
        {
            nint kept = _blocks.Find(block);
            if (kept == 0)
            {
                part.Clear();
                return Errno.Ok;
            }

            if (part.Length == BlockBytes)
                return Unpack(context, kept, part);
            Errno error = Unpack(context, kept, context.Block);
            context.Block.Slice(start, part.Length).CopyTo(part);
            return error;
        }
    }

    [HotPath]
    private Errno WritePart(ZstdContext context, ulong block, int start, ReadOnlySpan<byte> part)
    {
        lock (LockOf(block))
        {
            nint kept = _blocks.Find(block);
            if (part.Length == BlockBytes)
                return Replace(context, block, kept, part);
            Errno error = Unpack(context, kept, context.Block);
            if (error != Errno.Ok)
                return error;
            part.CopyTo(context.Block[start..]);
            return Replace(context, block, kept, context.Block);
        }
    }

    [HotPath]
    private Errno ZeroPart(ZstdContext context, ulong block, int start, int length)
    {
        lock (LockOf(block))
        {
            nint kept = _blocks.Find(block);
            if (kept == 0)
                return Errno.Ok;
            if (length == BlockBytes)
                return Exchange(block, kept, 0);
            Errno error = Unpack(context, kept, context.Block);
            if (error != Errno.Ok)
                return error;
            context.Block.Slice(start, length).Clear();
            return Replace(context, block, kept, context.Block);
        }
    }

    // A block in place of what is kept of it.
    [HotPath]
    private Errno Replace(ZstdContext context, ulong block, nint kept, ReadOnlySpan<byte> bytes)
    {
        if (!bytes.ContainsAnyExcept((byte)0))
            return kept == 0 ? Errno.Ok : Exchange(block, kept, 0);
        if (!context.TryCompress(bytes, Level, out ReadOnlySpan<byte> packed))
            packed = bytes;
        nint replacement = Libc.AllocateMemory(LengthBytes + packed.Length);
        if (replacement == 0)
            return NoMemory();
        Span<byte> target = NativeBuffer.At(replacement, LengthBytes + packed.Length);
        BinaryPrimitives.WriteInt32LittleEndian(target, packed.Length);
        packed.CopyTo(target[LengthBytes..]);
        return Exchange(block, kept, replacement);
    }

    [HotPath]
    private Errno Exchange(ulong block, nint kept, nint replacement)
    {
        Errno error = _blocks.Set(block, replacement);
        Libc.FreeMemory(error == Errno.Ok ? kept : replacement);
        return error;
    }

    [HotPath]
    private static Errno Unpack(ZstdContext context, nint kept, Span<byte> block)
    {
        if (kept == 0)
        {
            block.Clear();
            return Errno.Ok;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(NativeBuffer.At(kept, LengthBytes));
        ReadOnlySpan<byte> packed = NativeBuffer.At(kept + LengthBytes, length);
        if (length == BlockBytes)
        {
            packed.CopyTo(block);
            return Errno.Ok;
        }

        return context.TryDecompress(packed, block, out nuint result)
            ? Errno.Ok
            : Log.Error(Errno.EIO, $"zstd: a block is damaged: {ZstdContext.Text(result)}");
    }

    private static Errno NoMemory() => Log.Error(Errno.ENOMEM, $"zstd: out of memory");

    [HotPath]
    private Lock LockOf(ulong block) => _locks[(int)(block % LockCount)];

    [HotPath]
    private ZstdContext? Rent()
    {
        lock (_lending)
        {
            if (_idle is not { } context)
                return MakeContext();
            _idle = context.Next;
            context.Next = null;
            return context;
        }
    }

    // As many as threads use the store at once.
    private static ZstdContext? MakeContext() => ZstdContext.TryCreate(BlockBytes);

    [HotPath]
    private void Return(ZstdContext? context)
    {
        if (context == null)
            return;
        lock (_lending)
        {
            context.Next = _idle;
            _idle = context;
        }
    }
}
