// The bitmap against an array of booleans, and its searches over long emptiness. Not: stores.

using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using NbdFast.Storage;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Storage;

public sealed class BitmapTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(1000)]
    [InlineData(Bitmap.GroupBits)]
    [InlineData((3 * Bitmap.GroupBits) + 5)]
    public void A_bitmap_behaves_as_an_array_of_booleans(int length)
    {
        Seed seed = new();
        using Bitmap bitmap = Create((ulong)length);
        bool[] model = new bool[length];
        for (int i = 0; i < 2000; i++)
        {
            int count = seed.Random.Next(1, (seed.Random.Next(4) == 0 ? length : Math.Min(length, 200)) + 1);
            int first = seed.Random.Next(length - count + 1);
            bool set = seed.Random.Next(2) == 0;
            model.AsSpan(first, count).Fill(set);
            if (set)
                bitmap.Set((ulong)first, (ulong)count);
            else
                bitmap.Clear((ulong)first, (ulong)count);

            int from = seed.Random.Next(length);
            int end = seed.Random.Next(from, length + 1);
            string what = $"{length} bits, step {i}, {seed}";
            Assert.True((int)bitmap.NextSet((ulong)from, (ulong)end) == Next(model, from, end, true), what);
            Assert.True((int)bitmap.NextClear((ulong)from, (ulong)end) == Next(model, from, end, false), what);
            Assert.True(bitmap.Get((ulong)from) == model[from], what);
        }
    }

    [Fact]
    public void Take_tells_which_bits_were_set()
    {
        using Bitmap bitmap = Create(1000);
        bitmap.Set(60, 10);
        bitmap.Set(130, 1);
        ulong[] taken = new ulong[3];
        bitmap.Take(62, 100, taken);
        Assert.Equal([3UL << 62, (1UL << 6) - 1, 1UL << 2], taken);
        Assert.Equal([60UL, 61UL], Enumerable.Range(0, 1000).Select(bit => (ulong)bit).Where(bitmap.Get));
    }

    [Fact]
    public void A_search_passes_over_what_was_never_set()
    {
        using Bitmap bitmap = Create(1UL << 40);   // 128 GiB of bits, were they all there.
        Assert.Equal(1UL << 40, bitmap.NextSet(0, 1UL << 40));
        bitmap.Set((1UL << 40) - 1, 1);
        Assert.Equal((1UL << 40) - 1, bitmap.NextSet(0, 1UL << 40));
        Assert.Equal(1UL << 39, bitmap.NextSet(0, 1UL << 39));
        bitmap.Clear(0, 1UL << 40);
        Assert.Equal(1UL << 40, bitmap.NextSet(0, 1UL << 40));
    }

    [Fact]
    public async Task Bits_that_several_threads_set_in_the_same_words_are_all_set()
    {
        const int threads = 4;
        const ulong length = Bitmap.GroupBits;
        using Bitmap bitmap = Create(length);
        for (int round = 0; round < 100; round++)
        {
            using Barrier start = new(threads);
            await Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    for (ulong bit = (ulong)thread; bit < length; bit += threads)
                        bitmap.Set(bit, 1);
                },
                TaskCreationOptions.LongRunning)));
            Assert.Equal(length, bitmap.NextClear(0, length));
            bitmap.Clear(0, length);
            Assert.Equal(length, bitmap.NextSet(0, length));
        }
    }

    /// <summary>The summary is cleared together with a whole group; a bit that is set meanwhile must stay in sight. Each
    /// round both happen at once; afterwards, a bit is found exactly if it is there.</summary>
    [Fact]
    public async Task A_bit_set_beside_the_clearing_of_its_group_is_found()
    {
        const ulong group = Bitmap.GroupBits;
        const int rounds = 10_000;
        const ulong words = 40;
        using Bitmap bitmap = Create(4 * group);
        using Barrier meeting = new(2);
        Task clearing = Task.Factory.StartNew(
            () =>
            {
                for (int round = 0; round < rounds; round++)
                {
                    bitmap.Set(group + 7, 1);
                    Meet(meeting);
                    bitmap.Clear(group, group);
                    Meet(meeting);
                }
            },
            TaskCreationOptions.LongRunning);
        int survived = 0;
        for (int round = 0; round < rounds; round++)
        {
            Meet(meeting);
            for (ulong word = 0; word < words; word++)
                bitmap.Set(group + (word * 64), 1);
            Meet(meeting);
            for (ulong bit = group; bit < group + (words * 64); bit += 64)
            {
                bool isThere = bitmap.Get(bit);
                survived += isThere ? 1 : 0;
                Assert.Equal(isThere ? bit : bit + 1, bitmap.NextSet(bit, bit + 1));
            }
        }

        await clearing;
        Assert.InRange(survived, 1, rounds * (int)words);
    }

    // A limit, so that a thread whose assertion failed does not leave the other waiting for ever.
    private static void Meet(Barrier meeting) => Assert.True(meeting.SignalAndWait(60_000), "the other thread failed");

    private static Bitmap Create(ulong length)
    {
        Assert.Equal(Errno.Ok, Bitmap.TryCreate(length, out Bitmap? bitmap));
        return bitmap!;
    }

    private static int Next(bool[] model, int from, int end, bool value)
    {
        while (from < end && model[from] != value)
            from++;
        return from;
    }
}
