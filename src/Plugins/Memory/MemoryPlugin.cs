// The RAM disk. Not: requests to it (StorePlugin), how its bytes are kept (NbdFast.Storage).

using NbdFast.Plugins.Shared.Allocators;
using NbdFast.Storage;
using NbdFast.Values;

namespace NbdFast.Plugins.Memory;

/// <summary>Serves a disk in memory, zeroes at first, the same for all connections, gone when the server
/// ends.</summary>
[NbdPlugin("memory", "nbdkit memory plugin", ThreadModel = ThreadModel.Parallel, Latency = Latency.Memory,
    Description = "Virtual memory disk (RAM disk).")]
public sealed partial class MemoryPlugin : StorePlugin
{
    /// <summary>The size of the disk in bytes.</summary>
    [NbdParameter("size", Magic = true, Required = true, Help = "Size of the backing disk.")]
    public DiskSize Size { get; private set; }

    /// <summary>Where the memory comes from; sparse by default.</summary>
    [NbdParameter("allocator", ValueName = "sparse|malloc[,mlock=true]|zstd", Help = "Backend allocation strategy.")]
    public Allocator Allocator { get; private set; }

    /// <inheritdoc/>
    public override Latency EffectiveLatency => Allocator.IsSlow ? Latency.Blocking : base.EffectiveLatency;

    /// <inheritdoc/>
    public override string? SwapObjection => Allocator is { Mlock: true }
        ? null
        : "it takes memory as it is written: use allocator=malloc,mlock=true";

    private protected override IBlockStore Create() => Allocator.Create(Size);
}
