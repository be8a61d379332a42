// Where in an arena lies which part of a disk that is larger than any address space. Not: the arena, nor which of its
// pages exist (PageArena).

using System;
using System.Numerics;
using System.Threading;
using NbdFast.Native;

namespace NbdFast.Storage;

/// <summary>
/// A tree from positions of a disk to positions of an arena, in chunks of a power of two. Its nodes hold 256 chunk
/// numbers or node numbers of 4 bytes, 0 for absent; they come one after another from one growing mapping and are never
/// removed, so that a lookup needs no lock. Compared with a flat directory it takes next to no address space, a
/// fraction of the memory when chunks are scattered, and a search passes over what is absent.
/// </summary>
internal sealed class ChunkTree : IDisposable
{
    /// <summary>What <see cref="Find"/> says where there is no chunk.</summary>
    public const ulong Absent = ulong.MaxValue;

    private const int NodeBits = 8;
    private const int NodeNumbers = 1 << NodeBits;
    private const int NodeBytes = NodeNumbers * sizeof(int);

    private readonly Lock _creation = new();
    private readonly Mapping _nodes;
    private readonly PageArena _arena;
    private readonly int _chunkShift;
    private readonly int _topShift;
    private readonly int _maximumChunks;
    private int _usedNodes = 1;   // Node 0 is the root.
    private int _usedChunks;

    private ChunkTree(Mapping nodes, PageArena arena, int chunkShift, int topShift)
    {
        _nodes = nodes;
        _arena = arena;
        _chunkShift = chunkShift;
        _topShift = topShift;
        _maximumChunks = (int)(arena.Length >> chunkShift);
    }

    /// <summary>Bytes of a chunk.</summary>
    public ulong ChunkBytes => 1UL << _chunkShift;

    /// <summary>Makes a tree for a disk of <paramref name="size"/> bytes.</summary>
    /// <returns><see cref="Errno.ENOMEM"/> if there is no address space for it.</returns>
    public static Errno TryCreate(ulong size, PageArena arena, int chunkShift, out ChunkTree? tree)
    {
        tree = null;
        int partBits = 64 - BitOperations.LeadingZeroCount((size - 1) >> chunkShift);
        int levels = Math.Max(1, (partBits + NodeBits - 1) / NodeBits);

        // At worst each chunk brings a node of its own on each level below the root.
        ulong nodes = 1 + ((arena.Length >> chunkShift) * (ulong)(levels - 1));
        Errno error = Mapping.TryGrowing(nodes * NodeBytes, out Mapping? memory);
        if (error == Errno.Ok)
            error = memory!.Commit(NodeBytes);
        if (error == Errno.Ok)
            tree = new ChunkTree(memory!, arena, chunkShift, (levels - 1) * NodeBits);
        else
            memory?.Dispose();
        return error;
    }

    /// <summary>Where the byte at <paramref name="offset"/> of the disk lies, or <see cref="Absent"/>.</summary>
    [HotPath]
    public ulong Find(ulong offset)
    {
        ulong part = offset >> _chunkShift;
        int number = 0;
        for (int shift = _topShift; shift >= 0; shift -= NodeBits)
        {
            number = Volatile.Read(ref Entry(number, part >> shift));
            if (number == 0)
                return Absent;
        }

        return Position(number, offset);
    }

    /// <summary>The first position of the disk from <paramref name="offset"/> on that has a chunk, or
    /// <paramref name="end"/>.</summary>
    [HotPath]
    public ulong NextPresent(ulong offset, ulong end)
    {
        if (offset >= end)
            return end;
        ulong part = offset >> _chunkShift;
        ulong endPart = ((end - 1) >> _chunkShift) + 1;
        while (part < endPart)
        {
            int shift = _topShift;
            int node = 0;
            int number;
            while ((number = Volatile.Read(ref Entry(node, part >> shift))) != 0)
            {
                if (shift == 0)
                    return Math.Max(offset, part << _chunkShift);
                node = number;
                shift -= NodeBits;
            }

            part = ((part >> shift) + AbsentFrom(node, part >> shift)) << shift;
        }

        return end;
    }

    /// <summary>As <see cref="Find"/>, but makes a chunk where there is none.</summary>
    /// <returns><see cref="Errno.ENOSPC"/> when all chunks are taken, <see cref="Errno.ENOMEM"/> when the system has no
    /// memory for another.</returns>
    [HotPath]
    public Errno FindOrCreate(ulong offset, out ulong position)
    {
        position = Find(offset);
        return position != Absent ? Errno.Ok : Create(offset, out position);
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _nodes.Dispose();

    // A lock, not a compare-and-swap: this happens once per chunk, and no chunk may be lost where there are few.
    private Errno Create(ulong offset, out ulong position)
    {
        lock (_creation)
        {
            position = Find(offset);
            if (position != Absent)
                return Errno.Ok;
            if (_usedChunks == _maximumChunks)
                return Errno.ENOSPC;
            Errno error = _arena.Commit((ulong)(_usedChunks + 1) << _chunkShift);
            if (error != Errno.Ok)
                return error;

            ulong part = offset >> _chunkShift;
            int node = 0;
            for (int shift = _topShift; shift > 0; shift -= NodeBits)
            {
                ref int below = ref Entry(node, part >> shift);
                if (below == 0)
                {
                    error = _nodes.Commit((ulong)(_usedNodes + 1) * NodeBytes);
                    if (error != Errno.Ok)
                        return error;
                    Volatile.Write(ref below, _usedNodes++);
                }

                node = below;
            }

            Volatile.Write(ref Entry(node, part), ++_usedChunks);
            position = Position(_usedChunks, offset);
            return Errno.Ok;
        }
    }

    // How many numbers of a node are absent from the given one on, to the node's end at most.
    private ulong AbsentFrom(int node, ulong number)
    {
        int at = (int)(number & (NodeNumbers - 1));
        Span<int> rest = _nodes.Numbers(((ulong)node << NodeBits) + (ulong)at, NodeNumbers - at);
        int absent = rest.IndexOfAnyExcept(0);
        return (ulong)(absent < 0 ? rest.Length : absent);
    }

    private ulong Position(int chunk, ulong offset) =>
        ((ulong)(chunk - 1) << _chunkShift) | (offset & (ChunkBytes - 1));

    private ref int Entry(int node, ulong number) =>
        ref _nodes.Number(((ulong)node << NodeBits) | (number & (NodeNumbers - 1)));
}
