// A disk in memory that takes memory only for what was written. Not: a disk that has all its memory (MallocStore).

using System;
using System.Numerics;
using NbdFast.Native;

namespace NbdFast.Storage;

/// <summary>
/// A sparse disk of up to 2^63 - 1 bytes. Up to <see cref="FlatBytes"/> it is one mapping, where a byte lies at its own
/// position; above, and where such a mapping is refused, the parts that are written get chunks of an arena. Extents
/// have a granularity of 4 KiB.
/// </summary>
public sealed class SparseStore : IBlockStore
{
    /// <summary>The largest disk that is one mapping. The address space of a process is 128 TiB.</summary>
    public const ulong FlatBytes = 16UL << 40;

    /// <summary>The largest amount of written data of a disk that is not one mapping, in whole chunks of 16
    /// MiB.</summary>
    public const ulong ArenaBytes = 32UL << 40;

    private const ulong SmallestArenaBytes = 1UL << 20;
    private const int LargestChunkShift = 24;
    private const int SmallestChunkShift = 16;

    // So many chunks an arena has at least, unless they would become smaller than 64 KiB.
    private const int ChunkCountShift = 16;

    private readonly PageArena _arena;
    private readonly ChunkTree? _tree;

    private SparseStore(ulong size, PageArena arena, ChunkTree? tree)
    {
        Size = size;
        _arena = arena;
        _tree = tree;
    }

    /// <inheritdoc/>
    public ulong Size { get; }

    /// <summary>How many bytes of different chunks can be written: <see cref="Size"/>, or less if the disk is larger
    /// than what the process may map.</summary>
    public ulong Capacity => Math.Min(Size, _arena.Length);

    /// <summary>Makes a store.</summary>
    /// <param name="size">Bytes, at most 2^63 - 1.</param>
    /// <param name="store">The store, or null.</param>
    /// <returns><see cref="Errno.ENOMEM"/> if there is not even address space for the smallest arena.</returns>
    public static Errno TryCreate(ulong size, out SparseStore? store)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, ExportInfo.MaximumSize);
        store = null;
        if (size <= FlatBytes && PageArena.TryCreate(size, out PageArena? arena) == Errno.Ok)
        {
            store = new SparseStore(size, arena!, null);
            return Errno.Ok;
        }

        // The address space is limited (ulimit -v), or each mapping counts (vm.overcommit_memory=2): take half and half
        // again until something fits.
        ulong arenaBytes = Math.Min(ArenaBytes, Math.Max(SmallestArenaBytes, BitOperations.RoundUpToPowerOf2(size)));
        Errno error = TryCreateChunked(size, arenaBytes, out store);
        while (error == Errno.ENOMEM && arenaBytes > SmallestArenaBytes)
        {
            arenaBytes /= 2;
            error = TryCreateWithRoom(size, arenaBytes, out store);
        }

        if (error == Errno.Ok && store!.Capacity < size && arenaBytes < ArenaBytes)
            Log.Debug($"address space is limited: at most {store.Capacity} bytes of the disk can be written");
        return error;
    }

    /// <summary>Makes a store that hands out chunks of an arena of <paramref name="arenaBytes"/>, a power of
    /// two.</summary>
    internal static Errno TryCreateChunked(ulong size, ulong arenaBytes, out SparseStore? store)
    {
        store = null;
        int chunkShift = Math.Clamp(
            BitOperations.Log2(arenaBytes) - ChunkCountShift, SmallestChunkShift, LargestChunkShift);
        Errno error = PageArena.TryCreateGrowing(arenaBytes, out PageArena? arena);
        if (error != Errno.Ok)
            return error;
        error = ChunkTree.TryCreate(size, arena!, chunkShift, out ChunkTree? tree);
        if (error == Errno.Ok)
            store = new SparseStore(size, arena!, tree);
        else
            arena!.Dispose();
        return error;
    }

    /// <inheritdoc/>
    [HotPath]
    public Errno Read(Span<byte> buffer, ulong offset)
    {
        if (_tree == null)
        {
            _arena.Read(buffer, offset);
            return Errno.Ok;
        }

        while (!buffer.IsEmpty)
        {
            int length = (int)Math.Min((ulong)buffer.Length, RestOfChunk(offset));
            ulong position = _tree.Find(offset);
            if (position != ChunkTree.Absent)
                _arena.Read(buffer[..length], position);
            else
                buffer[..length].Clear();
            buffer = buffer[length..];
            offset += (ulong)length;
        }

        return Errno.Ok;
    }

    /// <inheritdoc/>
    [HotPath]
    public Errno Write(ReadOnlySpan<byte> data, ulong offset)
    {
        if (_tree == null)
            return data.IsEmpty ? Errno.Ok : _arena.Write(data, offset);

        while (!data.IsEmpty)
        {
            int length = (int)Math.Min((ulong)data.Length, RestOfChunk(offset));
            Errno error = _tree.FindOrCreate(offset, out ulong position);
            if (error == Errno.Ok)
                error = _arena.Write(data[..length], position);
            if (error != Errno.Ok)
                return error;
            data = data[length..];
            offset += (ulong)length;
        }

        return Errno.Ok;
    }

    /// <inheritdoc/>
    [HotPath]
    public Errno Zero(ulong count, ulong offset)
    {
        // Nothing lies beyond the end of the disk, so its last page is a whole one.
        ulong end = offset + count;
        if (end == Size)
            end = (end + PageArena.PageBytes - 1) & ~(ulong)(PageArena.PageBytes - 1);

        if (_tree == null)
        {
            _arena.Zero(offset, end - offset);
            return Errno.Ok;
        }

        while ((offset = _tree.NextPresent(offset, end)) < end)
        {
            ulong length = Math.Min(end - offset, RestOfChunk(offset));
            _arena.Zero(_tree.Find(offset), length);
            offset += length;
        }

        return Errno.Ok;
    }

    /// <inheritdoc/>
    [HotPath]
    public Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents)
    {
        ulong end = offset + count;
        ulong start = offset;
        bool existed = false;
        while (offset < end)
        {
            ulong length = Run(offset, end - offset, out bool exists, out _);
            if (exists != existed && offset > start)
            {
                Errno error = extents.Add(start, offset - start, TypeOf(existed));
                if (error != Errno.Ok || (flags & RequestFlags.ReqOne) != 0 || extents.IsFull ||
                    extents.Count == ExtentList.MaximumCount)
                {
                    return error;
                }

                start = offset;
            }

            existed = exists;
            offset += length;
        }

        return extents.Add(start, end - start, TypeOf(existed));
    }

    /// <inheritdoc/>
    [HotPath]
    public Loan Lend(uint count, ulong offset)
    {
        uint length = (uint)Run(offset, count, out bool exists, out ulong position);
        return exists ? Loan.OfMemory(_arena.AddressOf(position), length) : Loan.OfHole(length);
    }

    /// <inheritdoc/>
    [HotPath]
    public Loan LendForWrite(uint count, ulong offset)
    {
        ulong position = offset;
        if (_tree != null && (count > RestOfChunk(offset) || _tree.FindOrCreate(offset, out position) != Errno.Ok))
            return Loan.None;   // Write takes it apart, or tells of the error.
        return _arena.Prepare(position, count) == Errno.Ok
            ? Loan.OfMemory(_arena.AddressOf(position), count)
            : Loan.None;
    }

    /// <inheritdoc/>
    [HotPath]
    public void Written(uint count, ulong offset) =>
        _arena.Written(_tree == null ? offset : _tree.Find(offset), count);

    /// <inheritdoc/>
    public void Dispose()
    {
        _tree?.Dispose();
        _arena.Dispose();
    }

    private static ExtentType TypeOf(bool exists) => exists ? ExtentType.Data : ExtentType.HoleZero;

    // Room is left for what the process maps later: stacks of threads, buffers.
    private static Errno TryCreateWithRoom(ulong size, ulong arenaBytes, out SparseStore? store)
    {
        store = null;
        Errno error = Mapping.TryGrowing(arenaBytes / 4, out Mapping? room);
        if (error != Errno.Ok)
            return error;
        error = TryCreateChunked(size, arenaBytes, out store);
        room!.Dispose();
        return error;
    }

    /// <summary>The address of a position that <see cref="Run"/> has told.</summary>
    internal nint AddressOf(ulong position) => _arena.AddressOf(position);

    /// <summary>How many bytes from <paramref name="offset"/> on are alike, and where they lie if they exist.</summary>
    [HotPath]
    internal ulong Run(ulong offset, ulong limit, out bool exists, out ulong position)
    {
        position = offset;
        if (_tree == null)
            return _arena.Run(offset, limit, out exists);

        position = _tree.Find(offset);
        if (position != ChunkTree.Absent)
            return _arena.Run(position, Math.Min(limit, RestOfChunk(offset)), out exists);
        exists = false;
        return _tree.NextPresent(offset, offset + limit) - offset;
    }

    private ulong RestOfChunk(ulong offset) => _tree!.ChunkBytes - (offset & (_tree.ChunkBytes - 1));
}
