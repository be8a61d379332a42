// The stores that the tests of this folder run on, by name. Not: tests.

using System;
using NbdFast.Storage;

namespace NbdFast.Core.Tests.Storage;

/// <summary>Makes stores of every form.</summary>
internal static class Stores
{
    /// <summary>The window in which the tests work: not a multiple of a page, and several chunks of 64 KiB.</summary>
    public const int WindowBytes = (3 << 20) + 12345;

    /// <summary>The names that <see cref="Create"/> knows.</summary>
    public static TheoryData<string> Names => new()
    {
        "flat", "flat, far end of 16T", "chunks of 64K", "chunks of 64K, far end of 2^63-1",
        "chunks of 16M, far end of 2^63-1", "chunks of 16M, across two chunks", "malloc",
        "zstd", "zstd, far end of 2^63-1",
    };

    /// <summary>A store and the start of the window in it.</summary>
    public static (IBlockStore Store, ulong Start) Create(string name)
    {
        const ulong window = WindowBytes;
        const ulong largest = long.MaxValue;
        return name switch
        {
            "flat" => (Sparse(window), 0),
            "flat, far end of 16T" => (Sparse(SparseStore.FlatBytes), SparseStore.FlatBytes - window),
            "chunks of 64K" => (Chunked(window, 1 << 26), 0),
            "chunks of 64K, far end of 2^63-1" => (Chunked(largest, 1 << 26), largest - window),
            "chunks of 16M, far end of 2^63-1" => (Sparse(largest), largest - window),
            "chunks of 16M, across two chunks" => (Sparse(1UL << 60), (1UL << 59) - (window / 2)),
            "malloc" => (Malloc(window), 0),
            "zstd" => (Zstd(window), 0),
            "zstd, far end of 2^63-1" => (Zstd(largest), largest - window),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such store"),
        };
    }

    public static SparseStore Sparse(ulong size)
    {
        Assert.Equal(Errno.Ok, SparseStore.TryCreate(size, out SparseStore? store));
        return store!;
    }

    public static SparseStore Chunked(ulong size, ulong arenaBytes)
    {
        Assert.Equal(Errno.Ok, SparseStore.TryCreateChunked(size, arenaBytes, out SparseStore? store));
        return store!;
    }

    public static MallocStore Malloc(ulong size)
    {
        Assert.Equal(Errno.Ok, MallocStore.TryCreate(size, out MallocStore? store));
        return store!;
    }

    public static ZstdStore Zstd(ulong size)
    {
        Assert.True(ZstdStore.IsAvailable);
        Assert.Equal(Errno.Ok, ZstdStore.TryCreate(size, out ZstdStore? store));
        return store!;
    }
}
