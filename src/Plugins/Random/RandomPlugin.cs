// The disk of random bytes. Not: how they come about (Noise, RepeatedSector), disks with holes (sparse-random).
// The namespace is Chance, for in one named Random nobody could name System.Random.

using System;
using NbdFast.Values;

namespace NbdFast.Plugins.Chance;

/// <summary>Serves random bytes, the same ones for the same seed. A write is checked: it must bring what is there
/// already.</summary>
[NbdPlugin("random", "nbdkit random plugin", ThreadModel = ThreadModel.Parallel, Latency = Latency.Memory,
    Description = "Random data, repeatable with seed=; writes are compared with it.")]
public sealed partial class RandomPlugin : Plugin
{
    // A write is compared piece by piece with bytes on the stack, each piece within one block of the noise.
    private const int CheckBytes = NoiseBlock.Bytes;

    private Noise _noise;
    private RepeatedSector? _repeated;

    /// <summary>The size of the disk in bytes.</summary>
    [NbdParameter("size", Magic = true, Required = true, Help = "Size of the backing disk.")]
    public DiskSize Size { get; private set; }

    /// <summary>Which bytes; any by default.</summary>
    [NbdParameter("seed", Help = "Random number generator seed.")]
    public uint? Seed { get; private set; }

    /// <summary>One random sector is repeated with variations.</summary>
    [NbdParameter("fast", ValueName = "true", Help = "Repeat one sector of random data with variations.")]
    public bool Fast { get; private set; }

    /// <inheritdoc/>
    public override void ConfigComplete()
    {
        Seed ??= RandomSeed.Choose();
        _noise = new Noise(Seed.Value);
        _repeated = Fast ? new RepeatedSector(Seed.Value) : null;
    }

    /// <inheritdoc/>
    public override Errno Describe(ref ExportInfo info)
    {
        info.Size = Size;
        info.MultiConn = true;
        info.Cache = CacheSupport.Native;
        return Errno.Ok;
    }

    /// <inheritdoc/>
    [HotPath]
    public override Errno Read(Span<byte> buffer, ulong offset)
    {
        Fill(buffer, offset);
        return Errno.Ok;
    }

    /// <summary>Fails with <see cref="Errno.EIO"/> unless the data is what is there.</summary>
    [HotPath]
    public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags)
    {
        Span<byte> expected = stackalloc byte[CheckBytes];
        while (!data.IsEmpty)
        {
            int length = Math.Min(data.Length, CheckBytes - (int)(offset % CheckBytes));
            Fill(expected[..length], offset);
            int same = data[..length].CommonPrefixLength(expected);
            if (same < length)
                return Mismatch(offset + (ulong)same);
            data = data[length..];
            offset += (ulong)length;
        }

        return Errno.Ok;
    }

    /// <summary>Fails: nothing here is zero, but by chance.</summary>
    public override Errno Trim(ulong count, ulong offset, RequestFlags flags) => NotSparse();

    /// <summary>Fails: nothing here is zero, but by chance.</summary>
    public override Errno Zero(ulong count, ulong offset, RequestFlags flags) => NotSparse();

    private static Errno Mismatch(ulong offset) =>
        Log.Error(Errno.EIO, $"data written does not match expected at offset {offset}");

    private static Errno NotSparse() => Log.Error(Errno.EIO, $"attempt to trim or zero non-sparse random disk");

    private void Fill(Span<byte> buffer, ulong offset)
    {
        if (_repeated == null)
            _noise.Fill(buffer, offset);
        else
            _repeated.Fill(buffer, offset);
    }
}
