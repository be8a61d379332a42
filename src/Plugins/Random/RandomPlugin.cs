// The disk of random bytes. Not: how they come about (Noise, RepeatedSector), disks with holes (sparse-random).
// The namespace is Chance, for in one named Random nobody could name System.Random.

using System;
using NbdFast.Plugins.Shared.Computed;

namespace NbdFast.Plugins.Chance;

/// <summary>Serves random bytes, the same ones for the same seed. A write is checked: it must bring what is there
/// already.</summary>
[NbdPlugin("random", "nbdkit random plugin", ThreadModel = ThreadModel.Parallel, Latency = Latency.Memory,
    Description = "Random data, repeatable with seed=; writes are compared with it.")]
public sealed partial class RandomPlugin : ComputedPlugin
{
    private Noise _noise;
    private RepeatedSector? _repeated;

    /// <summary>Which bytes; any by default.</summary>
    [NbdParameter("seed", Help = "Random number generator seed.")]
    public uint? Seed { get; private set; }

    /// <summary>One random sector is repeated with variations.</summary>
    [NbdParameter("fast", ValueName = "true", Help = "Repeat one sector of random data with variations.")]
    public bool Fast { get; private set; }

    private protected override string Expected => "expected";

    /// <inheritdoc/>
    public override void ConfigComplete()
    {
        Seed ??= RandomSeed.Choose();
        _noise = new Noise(Seed.Value);
        _repeated = Fast ? new RepeatedSector(Seed.Value) : null;
    }

    /// <summary>Fails: nothing here is zero, but by chance.</summary>
    public override Errno Trim(ulong count, ulong offset, RequestFlags flags) => NotSparse();

    /// <summary>Fails: nothing here is zero, but by chance.</summary>
    public override Errno Zero(ulong count, ulong offset, RequestFlags flags) => NotSparse();

    private static Errno NotSparse() => Log.Error(Errno.EIO, $"attempt to trim or zero non-sparse random disk");

    /// <inheritdoc/>
    [HotPath]
    private protected override void Fill(Span<byte> buffer, ulong offset)
    {
        if (_repeated == null)
            _noise.Fill(buffer, offset);
        else
            _repeated.Fill(buffer, offset);
    }
}
