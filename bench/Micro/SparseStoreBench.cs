// What the sparse memory disk costs: finding, copying, making and dropping pages. Not: sending what was found
// (bench/Loop).

using System;
using System.Collections.Generic;
using BenchmarkDotNet.Attributes;
using NbdFast.Storage;

namespace NbdFast.Bench.Micro;

/// <summary>Requests at random places of a disk, most of which does not exist; time for each.</summary>
public class SparseStoreBench
{
    private const int Pages = 8192;
    private const int PageBytes = 4 << 10;
    private const int RunBytes = 64 << 10;
    private const int Seed = 1;
    private const ulong FlatBytes = 1UL << 40;

    private readonly byte[] _data = new byte[RunBytes];
    private readonly ulong[] _places = new ulong[Pages];
    private readonly ulong[] _holes = new ulong[Pages];
    private SparseStore? _store;

    /// <summary>One mapping of 1 TiB, or a tree of chunks over 8 EiB.</summary>
    public enum Form
    {
        Flat,
        Chunked,
    }

    [Params(Form.Flat, Form.Chunked)]
    public Form Store { get; set; }

    [GlobalSetup(Targets = [nameof(LookUpHole), nameof(LookUpPresent), nameof(Read4k), nameof(Write4k)])]
    public void Fill()
    {
        Make();
        foreach (ulong place in _places)
            Check(_store!.Write(_data.AsSpan(0, PageBytes), place));
    }

    [IterationSetup(Target = nameof(FirstWrite4k))]
    public void Make()
    {
        _store?.Dispose();
        _data.AsSpan().Fill(1);
        ulong size = Store == Form.Flat ? FlatBytes : ExportInfo.MaximumSize;
        Check(SparseStore.TryCreate(size, out _store));
        Scatter(size);
    }

    [IterationSetup(Targets = [nameof(Zero4k), nameof(Zero64k)])]
    public void FillRuns()
    {
        Make();
        foreach (ulong place in _places)
            Check(_store!.Write(_data, place));
    }

    [GlobalCleanup]
    public void Drop() => _store?.Dispose();

    /// <summary>Where nothing was ever written.</summary>
    [Benchmark(OperationsPerInvoke = Pages)]
    public uint LookUpHole() => LookUp(_holes);

    /// <summary>Where a page lies: the places are more than fit a cache.</summary>
    [Benchmark(OperationsPerInvoke = Pages)]
    public uint LookUpPresent() => LookUp(_places);

    /// <summary>Copies pages that exist.</summary>
    [Benchmark(OperationsPerInvoke = Pages)]
    public void Read4k()
    {
        foreach (ulong place in _places)
            Check(_store!.Read(_data.AsSpan(0, PageBytes), place));
    }

    /// <summary>Copies over pages that exist.</summary>
    [Benchmark(OperationsPerInvoke = Pages)]
    public void Write4k()
    {
        foreach (ulong place in _places)
            Check(_store!.Write(_data.AsSpan(0, PageBytes), place));
    }

    /// <summary>Makes pages: the kernel's fault is most of it.</summary>
    [Benchmark(OperationsPerInvoke = Pages)]
    public void FirstWrite4k() => Write4k();

    /// <summary>Clears pages that exist.</summary>
    [Benchmark(OperationsPerInvoke = Pages)]
    public void Zero4k()
    {
        foreach (ulong place in _places)
            Check(_store!.Zero(PageBytes, place));
    }

    /// <summary>Gives runs that exist back to the system.</summary>
    [Benchmark(OperationsPerInvoke = Pages)]
    public void Zero64k()
    {
        foreach (ulong place in _places)
            Check(_store!.Zero(RunBytes, place));
    }

    // Apart by more than a request, and each place once: so none meets another.
    private void Scatter(ulong size)
    {
        Random random = new(Seed);
        HashSet<ulong> taken = [];
        for (int i = 0; i < 2 * Pages; i++)
        {
            ulong place;
            do
                place = (ulong)random.NextInt64((long)(size / RunBytes)) * RunBytes;
            while (!taken.Add(place));
            (i < Pages ? _places : _holes)[i % Pages] = place;
        }
    }

    private uint LookUp(ulong[] places)
    {
        uint sum = 0;
        foreach (ulong place in places)
            sum += _store!.Lend(PageBytes, place).Length;
        return sum;
    }

    private static void Check(Errno errno)
    {
        if (errno != Errno.Ok)
            throw new InvalidOperationException($"{errno}");
    }
}
