// The cow filter with many requests at once. Not: what each request does (CowFilterTests).

using System;
using System.Threading;
using System.Threading.Tasks;
using NbdFast.Chain;
using NbdFast.Testing;

namespace NbdFast.Filters.Tests;

public sealed class CowConcurrencyTests
{
    private const int Size = (1 << 20) + 333;
    private const int Writers = 6;

    // Not a divisor of any block size, so that most blocks belong to several writers.
    private const int Strip = 1000;

    [Theory]
    [InlineData("4K", "false")]
    [InlineData("64K", "false")]
    [InlineData("4K", "true")]
    [InlineData("64K", "true")]
    public async Task Neighbours_in_a_block_do_not_lose_each_others_bytes(string blockSize, string onRead)
    {
        byte[] below = new byte[Size];
        new Random(1).NextBytes(below);
        byte[] model = (byte[])below.Clone();
        using var chain = ChainHarness.Open(
            new FakePlugin { Disk = below },
            [new CowFilter()],
            ("cow-block-size", blockSize), ("cow-on-read", onRead), ("cow-on-cache", "true"));
        ChainNext next = chain.Next;
        using var done = new CancellationTokenSource();
        Task[] readers = [Task.Run(() => ReadOn(next, done.Token)), Task.Run(() => CacheOn(next, done.Token))];
        var writers = new Task[Writers];
        for (int writer = 0; writer < Writers; writer++)
        {
            int mine = writer;
            writers[writer] = Task.Run(() => WriteStrips(next, model, mine));
        }

        await Task.WhenAll(writers);
        await done.CancelAsync();
        await Task.WhenAll(readers);
        Assert.Equal(model, chain.ReadBytes(0, Size));
    }

    [Fact]
    public async Task A_reader_never_sees_the_disk_below_where_it_was_overwritten()
    {
        // Below are ones; the block is zeroed and written with twos in turn, so that a one would be a lost write.
        const int Block = 4096;
        byte[] below = new byte[16 * Block];
        below.AsSpan().Fill(1);
        using var chain = ChainHarness.Open(
            new FakePlugin { Disk = below }, [new CowFilter()], ("cow-block-size", "4K"));
        ChainNext next = chain.Next;
        Assert.Equal(Errno.Ok, next.Zero(16 * Block, 0, RequestFlags.MayTrim));
        using var done = new CancellationTokenSource();
        Task reader = Task.Run(() =>
        {
            byte[] buffer = new byte[16 * Block];
            while (!done.IsCancellationRequested)
            {
                Assert.Equal(Errno.Ok, next.Read(buffer, 0));
                Assert.DoesNotContain((byte)1, buffer);
            }
        });
        byte[] twos = new byte[100];
        twos.AsSpan().Fill(2);
        for (int round = 0; round < 3000; round++)
        {
            ulong block = (ulong)(round % 16 * Block);
            Assert.Equal(Errno.Ok, next.Write(twos, block + 50, RequestFlags.None));
            Assert.Equal(Errno.Ok, next.Zero(Block, block, RequestFlags.MayTrim));
        }

        await done.CancelAsync();
        await reader;
    }

    private static void WriteStrips(ChainNext next, byte[] model, int writer)
    {
        var random = new Random(writer);
        byte[] data = new byte[Strip];
        for (int round = 0; round < 4; round++)
        {
            for (int start = writer * Strip; start < Size; start += Writers * Strip)
            {
                int offset = start + random.Next(Strip / 2);
                int count = random.Next(1, Math.Min(start + Strip, Size) - offset + 1);
                Span<byte> mine = data.AsSpan(0, count);
                random.NextBytes(mine);
                bool isZeroed = random.Next(4) == 0;
                if (isZeroed)
                    mine.Clear();
                Errno errno = isZeroed
                    ? next.Zero((ulong)count, (ulong)offset, RequestFlags.MayTrim)
                    : next.Write(mine, (ulong)offset, RequestFlags.None);
                Assert.Equal(Errno.Ok, errno);
                mine.CopyTo(model.AsSpan(offset));
            }
        }
    }

    private static void ReadOn(ChainNext next, CancellationToken stop)
    {
        byte[] buffer = new byte[100_000];
        for (int offset = 0; !stop.IsCancellationRequested; offset = (offset + 77_777) % (Size - buffer.Length))
            Assert.Equal(Errno.Ok, next.Read(buffer, (ulong)offset));
    }

    private static void CacheOn(ChainNext next, CancellationToken stop)
    {
        for (ulong offset = 0; !stop.IsCancellationRequested; offset = (offset + 33_333) % (Size - 5000))
            Assert.Equal(Errno.Ok, next.Cache(5000, offset));
    }
}
