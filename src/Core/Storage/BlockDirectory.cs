// Which blocks of a disk are kept, and where. Not: what is kept of them (ZstdStore).

using System;
using System.Runtime.InteropServices;
using NbdFast.Native;

namespace NbdFast.Storage;

/// <summary>
/// An address for each block of a disk, 0 for those that are not kept. It lies in a sparse disk of its own, eight bytes
/// for each block: so it takes memory only around blocks that are kept, and a search passes over the rest. Any number
/// of threads may look up and search; whoever sets the address of a block must be alone with that block.
/// </summary>
internal sealed class BlockDirectory : IDisposable
{
    private const int EntryBytes = sizeof(ulong);
    private const ulong MostSeenBytes = 1 << 30;   // At once: a span has 31 bits.

    private readonly SparseStore _entries;

    private BlockDirectory(SparseStore entries) => _entries = entries;

    /// <summary>Makes an empty one.</summary>
    /// <param name="blocks">How many blocks there are, at most 2^60.</param>
    /// <param name="directory">The directory, or null.</param>
    /// <returns><see cref="Errno.ENOMEM"/> if there is no address space for it.</returns>
    public static Errno TryCreate(ulong blocks, out BlockDirectory? directory)
    {
        Errno error = SparseStore.TryCreate(blocks * EntryBytes, out SparseStore? entries);
        directory = error == Errno.Ok ? new BlockDirectory(entries!) : null;
        return error;
    }

    /// <summary>The address of a block, or 0.</summary>
    [HotPath]
    public nint Find(ulong block)
    {
        ReadOnlySpan<ulong> known = Known(block, block + 1, out _);
        return known.IsEmpty ? 0 : (nint)known[0];
    }

    /// <summary>Sets the address of a block.</summary>
    /// <returns><see cref="Errno.ENOSPC"/> or <see cref="Errno.ENOMEM"/> if there is no room for it.</returns>
    [HotPath]
    public Errno Set(ulong block, nint address) =>
        _entries.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<nint>(in address)), block * EntryBytes);

    /// <summary>The first block of a range that is kept, or the range's end.</summary>
    [HotPath]
    public ulong NextKept(ulong block, ulong end)
    {
        while (block < end)
        {
            ReadOnlySpan<ulong> known = Known(block, end, out ulong count);
            int place = known.IndexOfAnyExcept(0ul);
            if (place >= 0)
                return block + (ulong)place;
            block += count;
        }

        return end;
    }

    /// <summary>The first block of a range that is not kept, or the range's end.</summary>
    [HotPath]
    public ulong NextAbsent(ulong block, ulong end)
    {
        while (block < end)
        {
            ReadOnlySpan<ulong> known = Known(block, end, out ulong count);
            int place = known.IndexOf(0ul);
            if (place >= 0 || known.IsEmpty)
                return block + (ulong)Math.Max(place, 0);
            block += count;
        }

        return end;
    }

    /// <summary>Gives its own memory back.</summary>
    public void Dispose() => _entries.Dispose();

    // The entries from a block on as they lie in memory, or none, and for how many blocks that holds.
    [HotPath]
    private ReadOnlySpan<ulong> Known(ulong block, ulong end, out ulong count)
    {
        ulong bytes = _entries.Run(
            block * EntryBytes, (end - block) * EntryBytes, out bool exists, out ulong position);
        if (exists)
            bytes = Math.Min(bytes, MostSeenBytes);
        count = bytes / EntryBytes;
        return exists
            ? MemoryMarshal.Cast<byte, ulong>(NativeBuffer.At(_entries.AddressOf(position), (int)bytes))
            : default;
    }
}
