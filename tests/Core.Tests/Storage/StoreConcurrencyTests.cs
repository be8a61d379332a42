// Several threads on neighbouring ranges of one store. Not: overlapping writes, whose order NBD leaves open.

using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using NbdFast.Storage;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Storage;

public sealed class StoreConcurrencyTests
{
    private const int Threads = 4;
    private const int RacePages = 24;

    public static TheoryData<string> Names => Stores.Names;

    /// <summary>Each thread owns every fourth piece of 1000 bytes, so that each page has several owners, and each
    /// boundary of a page lies within someone's piece.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Neighbours_in_a_page_never_lose_a_byte(string name)
    {
        const int pieceBytes = 1000;
        const int pieces = 240;
        Seed seed = new();
        (IBlockStore store, ulong start) = Stores.Create(name);
        using (store)
        {
            byte[] model = new byte[pieces * pieceBytes];
            int[] seeds = [.. Enumerable.Range(0, Threads).Select(_ => seed.Random.Next())];
            Run(Threads, thread =>
            {
                Random random = new(seeds[thread]);
                byte[] seen = new byte[pieceBytes];
                for (int i = 0; i < 20_000; i++)
                {
                    int at = ((random.Next(pieces / Threads) * Threads) + thread) * pieceBytes;
                    Span<byte> part = model.AsSpan(at, pieceBytes);
                    ulong offset = start + (ulong)at;
                    if (random.Next(3) != 0)
                        part.Fill((byte)random.Next(1, 256));
                    else
                        part.Clear();
                    Assert.Equal(Errno.Ok, part[0] == 0 ? store.Zero(pieceBytes, offset) : store.Write(part, offset));
                    Assert.Equal(Errno.Ok, store.Read(seen, offset));
                    Assert.True(part.SequenceEqual(seen), $"piece at {at} of {name}, {seed}");
                }
            });

            byte[] all = new byte[model.Length];
            Assert.Equal(Errno.Ok, store.Read(all, start));
            Assert.True(model.AsSpan().SequenceEqual(all), $"{name}, {seed}");
        }
    }

    /// <summary>Two threads zero whole pages while two write into them. What comes out of the race is open, but it must
    /// be one of the two for each byte, and it must not change any more when the rest of the page is written: what lies
    /// in memory behind a hole has to be zeroes.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void After_a_race_of_write_and_zero_each_byte_is_the_one_or_the_other(string name)
    {
        const int rounds = 1000;
        Seed seed = new();
        (IBlockStore store, ulong start) = Stores.Create(name);
        start = (start + 4095) & ~4095UL;
        int[] seeds = [.. Enumerable.Range(0, Threads).Select(_ => seed.Random.Next())];
        using (store)
        using (Barrier meeting = new(Threads))
        {
            Run(Threads, thread =>
            {
                Random random = new(seeds[thread]);
                for (int round = 1; round <= rounds; round++)
                {
                    byte value = (byte)(1 + (round % 255));
                    Meet(meeting);
                    Race(store, start, thread, value, random);
                    Meet(meeting);
                    if (thread == 0)
                        CheckAfterRace(store, start, value, $"{name}, round {round}, {seed}");
                }
            });
        }
    }

    [Fact]
    public void Threads_that_make_the_same_chunks_at_once_all_find_their_data()
    {
        const int chunks = 256;
        const ulong chunkBytes = 64 << 10;
        using SparseStore store = Stores.Chunked(1UL << 62, chunks * chunkBytes);
        Run(Threads, thread =>
        {
            byte[] data = new byte[512];
            data.AsSpan().Fill((byte)(thread + 1));
            for (ulong i = 0; i < chunks; i++)
                Assert.Equal(Errno.Ok, store.Write(data, (i << 50) + ((ulong)thread * 512)));
        });

        byte[] seen = new byte[Threads * 512];
        for (ulong i = 0; i < chunks; i++)
        {
            Assert.Equal(Errno.Ok, store.Read(seen, i << 50));
            for (int thread = 0; thread < Threads; thread++)
                Assert.False(seen.AsSpan(thread * 512, 512).ContainsAnyExcept((byte)(thread + 1)));
        }

        // Not one chunk was lost on the way, and there is not one more.
        Assert.Equal(Errno.ENOSPC, store.Write(seen, (ulong)chunks << 50));
    }

    // Threads 0 and 1 zero whole pages, thread 2 writes over many pages, thread 3 the first bytes of one.
    private static void Race(IBlockStore store, ulong start, int thread, byte value, Random random)
    {
        byte[] data = new byte[RacePages * 4096];
        data.AsSpan().Fill(value);
        for (int i = 0; i < 4; i++)
        {
            int page = random.Next(RacePages);
            int bytes = random.Next(1, RacePages - page + 1) * 4096;
            ulong offset = start + ((ulong)page * 4096);
            Errno error = thread switch
            {
                0 or 1 => store.Zero((ulong)bytes, offset),
                2 => store.Write(data.AsSpan(0, bytes - 100), offset),
                _ => store.Write(data.AsSpan(0, 512), offset),
            };
            Assert.Equal(Errno.Ok, error);
        }
    }

    private static void CheckAfterRace(IBlockStore store, ulong start, byte value, string what)
    {
        byte[] before = new byte[RacePages * 4096];
        byte[] after = new byte[RacePages * 4096];
        Assert.Equal(Errno.Ok, store.Read(before, start));
        Assert.True(!before.AsSpan().ContainsAnyExcept((byte)0, value), what);

        // The last byte of each page: now all pages exist, and show what their memory really holds.
        for (int page = 0; page < RacePages; page++)
            Assert.Equal(Errno.Ok, store.Write([77], start + ((ulong)page * 4096) + 4095));
        Assert.Equal(Errno.Ok, store.Read(after, start));
        for (int at = 0; at < before.Length; at += 4096)
            Assert.True(before.AsSpan(at, 4095).SequenceEqual(after.AsSpan(at, 4095)), $"stale bytes: {what}");
        Assert.Equal(Errno.Ok, store.Zero((ulong)before.Length, start));
    }

    // A limit, so that a thread whose assertion failed does not leave the others waiting for ever.
    private static void Meet(Barrier meeting) => Assert.True(meeting.SignalAndWait(60_000), "another thread failed");

    private static void Run(int threads, Action<int> work)
    {
        using Barrier start = new(threads);
        List<Task> tasks = [];
        for (int thread = 0; thread < threads; thread++)
        {
            int number = thread;
            tasks.Add(Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    work(number);
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default));
        }

        Task.WaitAll([.. tasks]);
    }
}
