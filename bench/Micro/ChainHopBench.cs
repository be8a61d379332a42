// What filters add to a request on its way through the chain: called, skipped or fused. Not: what they do with it, nor
// the rest of a request (bench/Loop).

using System;
using BenchmarkDotNet.Attributes;
using NbdFast.Chain;
using NbdFast.Filters;
using NbdFast.Plugins.Null;
using NbdFast.Testing;

namespace NbdFast.Bench.Micro;

/// <summary>A write to the bit bucket, which does nothing, through a number of filters; nanoseconds for each
/// write.</summary>
public class ChainHopBench
{
    private const int Batch = 64;

    private ChainHarness? _called;
    private ChainHarness? _skipped;
    private ChainHarness? _fused;
    private ChainNext _chain;

    /// <summary>How many filters lie over the plugin.</summary>
    [Params(0, 1, 4, 8)]
    public int Filters { get; set; }

    [GlobalSetup(Target = nameof(Called))]
    public void OpenCalled() => _chain = (_called = Open(() => new OffsetFilter())).Next;

    // It overrides zero requests only.
    [GlobalSetup(Target = nameof(Skipped))]
    public void OpenSkipped() => _chain = (_skipped = Open(() => new NozeroFilter())).Next;

    [GlobalSetup(Target = nameof(Fused))]
    public void OpenFused() => _chain = (_fused = Open(() => new OffsetFilter(), FusedChainRegistry.Connect)).Next;

    [GlobalCleanup]
    public void Close()
    {
        _called?.Dispose();
        _skipped?.Dispose();
        _fused?.Dispose();
    }

    /// <summary>Each filter adds its start to the offset and calls on through its seven pointers.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Batch)]
    public Errno Called() => Write();

    /// <summary>No filter overrides the operation.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public Errno Skipped() => Write();

    /// <summary>As <see cref="Called"/>, over the types that the generator made of the chain.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public Errno Fused() => Write();

    private Errno Write()
    {
        Errno errno = Errno.Ok;
        for (ulong i = 0; i < Batch; i++)
            errno |= _chain.Write(default, i, RequestFlags.None);
        return errno;
    }

    private ChainHarness Open(Func<Filter> makeFilter, FusedConnector? fuse = null)
    {
        var filters = new Filter[Filters];
        for (int i = 0; i < filters.Length; i++)
            filters[i] = makeFilter();
        ChainHarness chain = ChainHarness.Start(new NullPlugin(), filters, ("size", "1M"));
        chain.Config.ChecksContract = false;
        chain.Config.FusedConnect = fuse;
        Errno errno = chain.Connect(out _);
        return errno == Errno.Ok ? chain : throw new InvalidOperationException($"open: {errno}");
    }
}
