// The sparse disk of random data. Not: where its data lies (RunCursor), disks without holes (random).

using System;
using System.Numerics;
using NbdFast.Values;

namespace NbdFast.Plugins.Chance;

/// <summary>Serves runs of random data between holes, the same ones for the same seed. A write is checked: it must
/// bring what is there already.</summary>
[NbdPlugin("sparse-random", "nbdkit sparse-random plugin", ThreadModel = ThreadModel.Parallel,
    Latency = Latency.Memory,
    Description = "Sparse disks of random data, repeatable with seed=; writes are compared with it.")]
public sealed partial class SparseRandomPlugin : Plugin
{
    private const ulong SmallestBlock = 1024;
    private const uint NonZeroBytes = 255;

    // A write is compared piece by piece with bytes on the stack, each piece within one block of the noise.
    private const int CheckBytes = NoiseBlock.Bytes;

    private RunShape _shape;
    private Noise _noise;
    private ulong _fillings;
    private int _blockShift;

    /// <summary>The size of the disk in bytes.</summary>
    [NbdParameter("size", Magic = true, Required = true, Help = "Size of the backing disk.")]
    public DiskSize Size { get; private set; }

    /// <summary>Which disk of that shape; any by default.</summary>
    [NbdParameter("seed", Help = "Random number generator seed.")]
    public uint? Seed { get; private set; }

    /// <summary>How much of the disk is data.</summary>
    [NbdParameter("percent", Help = "Percentage of data (default: 10).")]
    public Percentage Percent { get; private set; } = new(10);

    /// <summary>The average length of a run of data in bytes.</summary>
    [NbdParameter("runlength", ValueName = "BYTES", Help = "Expected average run length of data (default: 16M).")]
    public DiskSize RunLength { get; private set; } = new(16 << 20);

    /// <summary>What runs and holes are multiples of, in bytes.</summary>
    [NbdParameter("blocksize", ValueName = "N", Help = "Block size, a power of two, at least 1024 (default: 4096).")]
    public DiskSize BlockSize { get; private set; } = new(4096);

    /// <summary>Each byte is random; else one random byte fills a block.</summary>
    [NbdParameter("random-content", ValueName = "true", Help = "Fully random content in each block.")]
    public bool RandomContent { get; private set; }

    /// <inheritdoc/>
    public override void ConfigComplete()
    {
        if (BlockSize < SmallestBlock || !BitOperations.IsPow2((ulong)BlockSize))
            throw new ConfigException($"blocksize must be a power of two, at least {SmallestBlock} ({BlockSize})");
        if (RunLength == 0)
            throw new ConfigException("runlength parameter must be > 0");
        Seed ??= RandomSeed.Choose();
        _blockShift = BitOperations.Log2(BlockSize);
        _shape = new RunShape(SplitMix64.At(Seed.Value, 0), BlockSize, Percent.Share, RunLength);
        _fillings = SplitMix64.At(Seed.Value, 1);
        _noise = new Noise(SplitMix64.At(Seed.Value, 2));
    }

    /// <inheritdoc/>
    public override Errno Describe(ref ExportInfo info)
    {
        info.Size = Size;
        info.MultiConn = true;
        info.Fua = FuaSupport.Native;       // Nothing is ever changed, so nothing is to be made stable.
        info.Cache = CacheSupport.Native;
        return Errno.Ok;
    }

    /// <inheritdoc/>
    [HotPath]
    public override Errno Read(Span<byte> buffer, ulong offset)
    {
        for (RunCursor run = new(_shape, offset); ; run.MoveNext())
        {
            int length = (int)Math.Min((ulong)buffer.Length, run.End - offset);
            Fill(buffer[..length], offset, run.IsData);
            buffer = buffer[length..];
            if (buffer.IsEmpty)
                return Errno.Ok;
            offset += (ulong)length;
        }
    }

    /// <summary>Fails with <see cref="Errno.EIO"/> unless the data is what is there.</summary>
    [HotPath]
    public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags)
    {
        for (RunCursor run = new(_shape, offset); ; run.MoveNext())
        {
            int length = (int)Math.Min((ulong)data.Length, run.End - offset);
            Errno errno = Check(data[..length], offset, run.IsData);
            data = data[length..];
            if (errno != Errno.Ok || data.IsEmpty)
                return errno;
            offset += (ulong)length;
        }
    }

    /// <inheritdoc/>
    [HotPath]
    public override Errno Flush() => Errno.Ok;

    /// <summary>Fails with <see cref="Errno.EIO"/> unless there is a hole.</summary>
    [HotPath]
    public override Errno Trim(ulong count, ulong offset, RequestFlags flags) => Zero(count, offset, flags);

    /// <summary>Fails with <see cref="Errno.EIO"/> unless there is a hole.</summary>
    [HotPath]
    public override Errno Zero(ulong count, ulong offset, RequestFlags flags)
    {
        ulong end = offset + count;
        for (RunCursor run = new(_shape, offset); ; run.MoveNext())
        {
            if (run.IsData)
                return NotHole(offset);
            if (run.End >= end)
                return Errno.Ok;
            offset = run.End;
        }
    }

    /// <inheritdoc/>
    [HotPath]
    public override Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents)
    {
        ulong end = offset + count;
        for (RunCursor run = new(_shape, offset); offset < end && !extents.IsFull; run.MoveNext())
        {
            ulong reached = Math.Min(run.End, Size);
            Errno errno = extents.Add(offset, reached - offset, run.IsData ? ExtentType.Data : ExtentType.HoleZero);
            if (errno != Errno.Ok)
                return errno;
            offset = reached;
        }

        return Errno.Ok;
    }

    /// <summary>Holes are lent: nobody fills a buffer with zeroes.</summary>
    [HotPath]
    public override Loan Lend(uint count, ulong offset, bool wantHoles)
    {
        RunCursor run = new(_shape, offset);
        return run.IsData ? Loan.None : Loan.OfHole((uint)Math.Min(count, run.End - offset));
    }

    private static Errno Mismatch(ulong offset) =>
        Log.Error(Errno.EIO, $"data written does not match expected at offset {offset}");

    private static Errno NotHole(ulong offset) =>
        Log.Error(Errno.EIO, $"trying to trim or zero non-hole in disk at offset {offset}");

    private Errno Check(ReadOnlySpan<byte> data, ulong offset, bool isData)
    {
        if (!isData)
            return CheckHole(data, offset);
        Span<byte> expected = stackalloc byte[CheckBytes];
        while (!data.IsEmpty)
        {
            int length = Math.Min(data.Length, CheckBytes - (int)(offset % CheckBytes));
            Fill(expected[..length], offset, isData);
            int same = data[..length].CommonPrefixLength(expected);
            if (same < length)
                return Mismatch(offset + (ulong)same);
            data = data[length..];
            offset += (ulong)length;
        }

        return Errno.Ok;
    }

    private static Errno CheckHole(ReadOnlySpan<byte> data, ulong offset)
    {
        int at = data.IndexOfAnyExcept((byte)0);
        return at < 0 ? Errno.Ok : Mismatch(offset + (ulong)at);
    }

    // A part of one run.
    private void Fill(Span<byte> buffer, ulong offset, bool isData)
    {
        if (!isData)
            buffer.Clear();
        else if (RandomContent)
            _noise.Fill(buffer, offset);
        else
            FillBlocks(buffer, offset);
    }

    private void FillBlocks(Span<byte> buffer, ulong offset)
    {
        while (!buffer.IsEmpty)
        {
            ulong number = offset >> _blockShift;
            int length = (int)Math.Min((ulong)buffer.Length, ((number + 1) << _blockShift) - offset);
            buffer[..length].Fill(Filling(number));
            buffer = buffer[length..];
            offset += (ulong)length;
        }
    }

    // From 1 to 255: the upper half of a number, scaled.
    private byte Filling(ulong block) =>
        (byte)(1 + (((SplitMix64.At(_fillings, block) >> 32) * NonZeroBytes) >> 32));
}
