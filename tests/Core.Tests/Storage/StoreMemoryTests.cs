// The memory that stores take: of the system and of the garbage-collected heap. Not: their bytes.

using System;
using System.Globalization;
using System.IO;
using NbdFast.Storage;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Storage;

[Collection(AloneCollection.Name)]
public sealed class StoreMemoryTests
{
    private const ulong MiB = 1 << 20;

    [Theory]
    [InlineData(1UL << 40, 250UL)]
    [InlineData((ulong)long.MaxValue, 300UL)]
    public void Twenty_thousand_random_writes_take_little_memory(ulong size, ulong limitMiB)
    {
        using SparseStore store = Stores.Sparse(size);
        Random random = new(1);
        byte[] data = new byte[4096];
        random.NextBytes(data);
        Settle();
        ulong before = ResidentBytes();
        for (int i = 0; i < 20_000; i++)
            Assert.Equal(Errno.Ok, store.Write(data, (ulong)random.NextInt64((long)(size / 4096)) * 4096));
        ulong growth = ResidentBytes() - before;
        Assert.InRange(growth, 78 * MiB, limitMiB * MiB);
    }

    [Fact]
    public void Reading_holes_takes_no_memory()
    {
        using SparseStore store = Stores.Sparse(1UL << 40);
        Random random = new(2);
        byte[] data = new byte[65536];
        Settle();
        ulong before = ResidentBytes();
        for (int i = 0; i < 20_000; i++)
            Assert.Equal(Errno.Ok, store.Read(data, (ulong)random.NextInt64((1L << 40) - data.Length)));

        // A page for each would be 80 MiB; a few are the runtime's own.
        Assert.InRange(ResidentBytes(), 0UL, before + (16 * MiB));
    }

    [Theory]
    [InlineData(1UL << 40)]
    [InlineData((ulong)long.MaxValue)]
    public void Zeroing_the_disk_gives_its_memory_back(ulong size)
    {
        using SparseStore store = Stores.Sparse(size);
        byte[] data = new byte[MiB];
        Assert.Equal(Errno.Ok, store.Write(data, 0));   // What the first write brings along is not the disk's.
        Settle();
        ulong before = ResidentBytes();
        for (ulong i = 0; i < 64; i++)
            Assert.Equal(Errno.Ok, store.Write(data, i * 3 * MiB));
        Assert.InRange(ResidentBytes(), before + (60 * MiB), before + (80 * MiB));
        Assert.Equal(Errno.Ok, store.Zero(size, 0));
        Assert.InRange(ResidentBytes(), 0UL, before + (16 * MiB));
    }

    [Theory]
    [InlineData("flat")]
    [InlineData("chunks of 64K")]
    [InlineData("malloc")]
    public void No_request_allocates_on_the_heap(string name)
    {
        (IBlockStore store, _) = Stores.Create(name);
        using (store)
        {
            byte[] data = new byte[100_000];
            ExtentList extents = new(0, store.Size);
            Exercise(store, data, extents, 1000);
            Assert.Equal(0, HeapUse.Of(1, () => Exercise(store, data, extents, 100_000)));
        }
    }

    private static void Exercise(IBlockStore store, byte[] data, ExtentList extents, int count)
    {
        ulong offset = 0;
        for (int i = 0; i < count; i++)
        {
            offset = (offset + 77_777) % (store.Size - (ulong)data.Length);
            ulong length = (i & 63) == 0 ? (ulong)data.Length : 4096;
            store.Write(data.AsSpan(0, (int)length), offset);
            store.Read(data.AsSpan(0, 512), offset);
            store.Lend(4096, offset);
            if ((i & 3) == 0)
                store.Zero(length, offset);
            extents.Reset(offset, 65536);
            store.Extents(65536, offset, RequestFlags.ReqOne, extents);
        }
    }

    // What tests before this one left to the collector must not go while memory is counted.
    private static void Settle()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    private static ulong ResidentBytes()
    {
        string[] fields = File.ReadAllText("/proc/self/statm").Split(' ');
        return ulong.Parse(fields[1], CultureInfo.InvariantCulture) * (ulong)Environment.SystemPageSize;
    }
}
