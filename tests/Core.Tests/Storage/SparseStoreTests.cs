// What is peculiar to the sparse store: sizes, extents, memory taken and given back. Not: its bytes (StoreModelTests).

using System;
using System.Linq;
using NbdFast.Storage;

namespace NbdFast.Core.Tests.Storage;

public sealed class SparseStoreTests
{
    private const ulong Largest = long.MaxValue;

    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL)]
    [InlineData(4096UL)]
    [InlineData(SparseStore.FlatBytes)]
    [InlineData(SparseStore.FlatBytes + 1)]
    [InlineData(Largest)]
    public void A_new_disk_of_any_size_is_one_hole(ulong size)
    {
        using SparseStore store = Stores.Sparse(size);
        Assert.Equal(size, store.Size);
        ExtentList extents = new(0, size);
        Assert.Equal(Errno.Ok, store.Extents(size, 0, RequestFlags.None, extents));
        Assert.Equal(size == 0 ? [] : [new Extent(0, size, ExtentType.HoleZero)], Items(extents));
    }

    [Fact]
    public void Extents_of_the_largest_disk_name_each_page_that_was_written()
    {
        using SparseStore store = Stores.Sparse(Largest);
        ulong last = Largest & ~4095UL;
        ulong[] pages = [0, 4096, 1UL << 24, (5UL << 40) + 8192, 1UL << 62, (1UL << 62) + (1UL << 30), last];
        foreach (ulong page in pages)
            Assert.Equal(Errno.Ok, store.Write([1], page));

        Extent[] data = [.. Items(ExtentsOf(store)).Where(extent => extent.Type == ExtentType.Data)];
        Assert.Equal([0UL, 1UL << 24, (5UL << 40) + 8192, 1UL << 62, (1UL << 62) + (1UL << 30), last],
            data.Select(extent => extent.Offset));
        Assert.Equal([8192UL, 4096, 4096, 4096, 4096, 4095], data.Select(extent => extent.Length));
    }

    [Theory]
    [InlineData(1UL << 40)]
    [InlineData(Largest)]
    public void A_range_that_is_zeroed_is_a_hole_again_but_for_its_partial_pages(ulong size)
    {
        using SparseStore store = Stores.Sparse(size);
        byte[] data = new byte[1 << 20];
        data.AsSpan().Fill(1);
        Assert.Equal(Errno.Ok, store.Write(data, 1 << 20));
        Assert.Equal(Errno.Ok, store.Zero((512 << 10) + 2000, (1 << 20) + 1000));
        Assert.Equal(
            [
                new Extent(0, 1 << 20, ExtentType.HoleZero),
                new Extent(1 << 20, 4096, ExtentType.Data),
                new Extent((1 << 20) + 4096, (512 << 10) - 4096, ExtentType.HoleZero),
                new Extent((1 << 20) + (512 << 10), 512 << 10, ExtentType.Data),
                new Extent(2 << 20, size - (2 << 20), ExtentType.HoleZero),
            ],
            Items(ExtentsOf(store)));

        Assert.Equal(Errno.Ok, store.Zero(size, 0));
        Assert.Equal([new Extent(0, size, ExtentType.HoleZero)], Items(ExtentsOf(store)));
    }

    [Fact]
    public void The_last_page_is_a_whole_one_although_the_disk_ends_within_it()
    {
        using SparseStore store = Stores.Sparse(10_000);
        Assert.Equal(Errno.Ok, store.Write([1], 9999));
        Assert.Equal(Errno.Ok, store.Zero(10_000 - 8192, 8192));
        Assert.Equal([new Extent(0, 10_000, ExtentType.HoleZero)], Items(ExtentsOf(store)));
    }

    [Fact]
    public void One_extent_is_given_when_one_is_asked_for()
    {
        using SparseStore store = Stores.Sparse(1 << 20);
        Assert.Equal(Errno.Ok, store.Write(new byte[5000], 8192));
        ExtentList extents = new(0, 1 << 20);
        Assert.Equal(Errno.Ok, store.Extents(1 << 20, 0, RequestFlags.ReqOne, extents));
        Assert.Equal([new Extent(0, 8192, ExtentType.HoleZero)], Items(extents));

        extents.Reset(9000, 100_000);
        Assert.Equal(Errno.Ok, store.Extents(100_000, 9000, RequestFlags.ReqOne, extents));
        Assert.Equal([new Extent(9000, 16384 - 9000, ExtentType.Data)], Items(extents));
    }

    [Fact]
    public void The_search_ends_where_the_list_does()
    {
        using SparseStore store = Stores.Sparse(Largest);
        Assert.Equal(Errno.Ok, store.Write([1], 8192));
        Assert.Equal(Errno.Ok, store.Write([1], 1UL << 50));
        ExtentList extents = new(0, 10_000);
        Assert.Equal(Errno.Ok, store.Extents(Largest, 0, RequestFlags.None, extents));
        Assert.Equal(
            [new Extent(0, 8192, ExtentType.HoleZero), new Extent(8192, 4096, ExtentType.Data)], Items(extents));
    }

    [Fact]
    public void When_the_chunks_are_used_up_there_is_no_space_but_what_is_there_stays_usable()
    {
        using SparseStore store = Stores.Chunked(1UL << 40, 1 << 20);
        byte[] data = new byte[100_000];
        data.AsSpan().Fill(9);
        for (ulong i = 0; i < 16; i++)
            Assert.Equal(Errno.Ok, store.Write([1], i << 30));
        Assert.Equal(Errno.ENOSPC, store.Write([1], 17UL << 30));
        Assert.Equal(Errno.ENOSPC, store.Write(data, 3UL << 30));   // Runs over into a second chunk.
        Assert.Equal(Errno.Ok, store.Write(data.AsSpan(0, 60_000), 3UL << 30));
        Assert.Equal(Errno.Ok, store.Read(data.AsSpan(0, 60_001), 3UL << 30));
        Assert.Equal(Errno.Ok, store.Zero(1UL << 40, 0));
        Assert.Equal([new Extent(0, 1UL << 40, ExtentType.HoleZero)], Items(ExtentsOf(store)));
    }

    private static ExtentList ExtentsOf(SparseStore store)
    {
        ExtentList extents = new(0, store.Size);
        Assert.Equal(Errno.Ok, store.Extents(store.Size, 0, RequestFlags.None, extents));
        return extents;
    }

    private static Extent[] Items(ExtentList extents) =>
        [.. Enumerable.Range(0, extents.Count).Select(index => extents[index])];
}
