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

    /// <summary>The summary is cleared together with a whole group; a bit that is set meanwhile must come into sight.
    /// One thread clears the group over and over, by the summary, so that a bit it cannot see stays for ever.</summary>
    [Fact]
    public async Task A_bit_set_beside_the_clearing_of_its_group_is_found()
    {
        const ulong group = Bitmap.GroupBits;
        using Bitmap bitmap = Create(4 * group);
        int clearings = 0;
        bool isOver = false;
        Task clearing = Task.Factory.StartNew(
            () =>
            {
                for (; !Volatile.Read(ref isOver); Interlocked.Increment(ref clearings))
                    bitmap.Clear(group, group);
            },
            TaskCreationOptions.LongRunning);
        try
        {
            for (ulong i = 0; i < 200_000; i++)
            {
                ulong bit = group + (i % Bitmap.GroupWords * 64);
                bitmap.Set(bit, 1);
                int before = Volatile.Read(ref clearings);
                while (true)
                {
                    // A clearing that was under way may hide the bit until its end; every later one clears the bit
                    // first.
                    bool isSettled = Volatile.Read(ref clearings) - before >= 2;
                    if (!bitmap.Get(bit) || bitmap.NextSet(bit, bit + 1) == bit || !bitmap.Get(bit))
                        break;
                    Assert.False(isSettled, $"bit {bit} is out of sight");
                }
            }
        }
        finally
        {
            Volatile.Write(ref isOver, true);
            await clearing;
        }
    }

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
