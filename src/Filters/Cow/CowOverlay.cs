// What was written over one export: blocks in a temporary file and what is known of each. Not: when to write or copy a
// block (CowFilter.Connection).

using System;
using System.Threading;
using NbdFast.Native;
using NbdFast.Storage;

namespace NbdFast.Filters;

/// <summary>
/// The overlay of one export, shared by all its connections. A block lies at its own position in a sparse file that
/// has no name. Its state is two bits: "stored", which once set stays so, and "zeroed", which outweighs it. Read in
/// this order, zeroed before stored, they never show an overlaid block as untouched, so that readers need no lock.
/// </summary>
/// <remarks>Who changes a block's state, or needs it unchanged for a while, holds the lock of its group: of
/// <see cref="GroupBlocks"/> neighbours, so that a large request takes few locks.</remarks>
internal sealed class CowOverlay : IDisposable
{
    /// <summary>The neighbouring blocks that share a lock.</summary>
    public const uint GroupBlocks = 16;

    private const int LockCount = 64;
    private const int ScratchBytes = 256 << 10;

    private readonly Lock[] _locks = new Lock[LockCount];
    private readonly Bitmap _stored;
    private readonly Bitmap _zeroed;

    private CowOverlay(
        ulong size, uint blockSize, int descriptor, CowSwapFile? swap, Bitmap stored, Bitmap zeroed)
    {
        Swap = swap;
        Size = size;
        BlockSize = blockSize;
        Descriptor = descriptor;
        _stored = stored;
        _zeroed = zeroed;
        for (int index = 0; index < LockCount; index++)
            _locks[index] = new Lock();
    }

    /// <summary>The size of the export in bytes.</summary>
    public ulong Size { get; }

    /// <summary>The size of a block in bytes; the last one of the export may be shorter.</summary>
    public uint BlockSize { get; }

    /// <summary>What is there besides the file if the disk is swap of this machine, else null.</summary>
    public CowSwapFile? Swap { get; }

    private int Descriptor { get; }

    private ulong GroupBytes => (ulong)BlockSize * GroupBlocks;

    /// <summary>Closes a file that was meant for an overlay.</summary>
    public static void CloseFile(int descriptor)
    {
        Errno errno = Libc.Close(descriptor);
        if (errno != Errno.Ok)
            Log.Error(errno, $"cow: close: {errno.Text()}");
    }

    /// <summary>Makes the overlay of an untouched export.</summary>
    /// <param name="size">Of the export, in bytes.</param>
    /// <param name="blockSize">A power of two, in bytes.</param>
    /// <param name="descriptor">An empty file, which from now on belongs to the overlay, even after an error.</param>
    /// <param name="overlay">The overlay, or null.</param>
    public static Errno TryCreate(ulong size, uint blockSize, int descriptor, out CowOverlay? overlay)
    {
        overlay = null;
        ulong blocks = ulong.Max(1, (size / blockSize) + (size % blockSize == 0 ? 0UL : 1));
        Bitmap? zeroed = null;
        Errno errno = Bitmap.TryCreate(blocks, out Bitmap? stored);
        if (errno == Errno.Ok)
            errno = Bitmap.TryCreate(blocks, out zeroed);
        CowSwapFile? swap = null;
        if (errno != Errno.Ok)
            Log.Error($"cow: no memory to keep track of {blocks} blocks");
        else if (ServerControl.ServesSwap)
            errno = GetReadyForSwap(size, descriptor, stored!, zeroed!, out swap);
        if (errno == Errno.Ok)
        {
            overlay = new CowOverlay(size, blockSize, descriptor, swap, stored!, zeroed!);
            return Errno.Ok;
        }

        stored?.Dispose();
        zeroed?.Dispose();
        CloseFile(descriptor);
        return errno;
    }

    private static Errno GetReadyForSwap(
        ulong size, int descriptor, Bitmap stored, Bitmap zeroed, out CowSwapFile? swap)
    {
        swap = null;
        Errno errno = stored.Populate();
        if (errno == Errno.Ok)
            errno = zeroed.Populate();
        return errno == Errno.Ok
            ? CowSwapFile.TryCreate(descriptor, size, ScratchBytes, out swap)
            : Log.Error(errno, $"cow: no memory to keep track of blocks");
    }

    /// <summary>Stored bytes, to be sent straight from the file, unless that would take memory that there is
    /// not.</summary>
    [HotPath]
    public Loan Lend(ulong offset, uint length) =>
        Swap == null ? Loan.OfFile(Descriptor, offset, length) : Loan.None;

    /// <summary>The state of the block at <paramref name="offset"/>, and how far it reaches.</summary>
    /// <param name="offset">A position in the export.</param>
    /// <param name="end">How far to look, larger than <paramref name="offset"/>.</param>
    [HotPath]
    public CowRun RunAt(ulong offset, ulong end)
    {
        // The block itself is looked at once: it may change, and the run must not end before it begins.
        ulong block = offset / BlockSize;
        ulong endBlock = ((end - 1) / BlockSize) + 1;
        if (_zeroed.Get(block))
            return RunTo(CowState.Zeroed, _zeroed.NextClear(block + 1, endBlock), endBlock, end);
        ulong stop = _zeroed.NextSet(block + 1, endBlock);
        return _stored.Get(block)
            ? RunTo(CowState.Stored, _stored.NextClear(block + 1, stop), endBlock, end)
            : RunTo(CowState.Below, _stored.NextSet(block + 1, stop), endBlock, end);
    }

    /// <summary>All blocks of a range are stored: their bytes in the file may be changed without a lock.</summary>
    [HotPath]
    public bool IsStored(ulong offset, ulong end) => RunAt(offset, end) == new CowRun(CowState.Stored, end);

    /// <summary>The lock of the group that holds a position.</summary>
    [HotPath]
    public Lock LockOf(ulong offset) => _locks[offset / GroupBytes % LockCount];

    /// <summary>The end of that group, in bytes.</summary>
    [HotPath]
    public ulong EndOfGroup(ulong offset) => ((offset / GroupBytes) + 1) * GroupBytes;

    /// <summary>Reads from the file.</summary>
    [HotPath]
    public Errno Read(Span<byte> buffer, ulong offset)
    {
        while (!buffer.IsEmpty)
        {
            nint count = Libc.ReadAt(DescriptorFor(buffer, offset), buffer, offset);
            if (count == -(int)Errno.EINTR)
                continue;
            if (count <= 0)
                return Failed("read", count == 0 ? Errno.EIO : (Errno)(int)-count);
            buffer = buffer[(int)count..];
            offset += (ulong)count;
        }

        return Errno.Ok;
    }

    /// <summary>Writes to the file; what is known of the blocks stays.</summary>
    [HotPath]
    public Errno Write(ReadOnlySpan<byte> data, ulong offset)
    {
        while (!data.IsEmpty)
        {
            nint count = Libc.WriteAt(DescriptorFor(data, offset), data, offset);
            if (count == -(int)Errno.EINTR)
                continue;
            if (count <= 0)
                return Failed("write", count == 0 ? Errno.EIO : (Errno)(int)-count);
            data = data[(int)count..];
            offset += (ulong)count;
        }

        return Errno.Ok;
    }

    /// <summary>The blocks of a range are in the file now. The caller holds their lock and has written all of
    /// them.</summary>
    [HotPath]
    public void MarkStored(ulong offset, ulong end)
    {
        ulong first = offset / BlockSize;
        ulong count = ((end - 1) / BlockSize) + 1 - first;
        _stored.Set(first, count);   // First: else a reader might take a block for untouched.
        _zeroed.Clear(first, count);
    }

    /// <summary>Makes whole blocks zeroes, and gives up their storage if the file system can. Takes the
    /// locks.</summary>
    /// <param name="offset">The start of a block.</param>
    /// <param name="end">The end of a block or of the export, larger than <paramref name="offset"/>.</param>
    [HotPath]
    public void MarkZeroed(ulong offset, ulong end)
    {
        if (end - offset > GroupBytes * LockCount)
        {
            MarkZeroedAtOnce(offset, end);
            return;
        }

        while (offset < end)
        {
            ulong stop = ulong.Min(end, EndOfGroup(offset));
            lock (LockOf(offset))
                MarkZeroedUnderLock(offset, stop);
            offset = stop;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stored.Dispose();
        _zeroed.Dispose();
        Swap?.Dispose();
        CloseFile(Descriptor);
    }

    [HotPath]
    private int DescriptorFor(ReadOnlySpan<byte> memory, ulong offset) =>
        Swap?.DescriptorFor(memory, offset, Descriptor) ?? Descriptor;

    private static Errno Failed(string call, Errno errno) =>
        Log.Error(errno, $"cow: {call} overlay: {errno.Text()}");

    private CowRun RunTo(CowState state, ulong stop, ulong endBlock, ulong end) =>
        new(state, stop >= endBlock ? end : stop * BlockSize);

    // More groups than locks: all of them, always in this order.
    private void MarkZeroedAtOnce(ulong offset, ulong end)
    {
        foreach (Lock one in _locks)
            one.Enter();
        MarkZeroedUnderLock(offset, end);
        foreach (Lock one in _locks)
            one.Exit();
    }

    private void MarkZeroedUnderLock(ulong offset, ulong end)
    {
        ulong first = offset / BlockSize;
        ulong endBlock = ((end - 1) / BlockSize) + 1;
        _zeroed.Set(first, endBlock - first);

        // Nothing reads what is left in the file before it is written again, so it does not matter if it stays. Swap
        // keeps its storage: to get it back would take memory.
        if (Swap == null && _stored.NextSet(first, endBlock) < endBlock)
            _ = Libc.Punch(Descriptor, offset, end - offset);
    }
}
