// Requests that get stuck now and then, under every driver: nothing is lost, doubled or mixed up. Not: the role alone
// (Drivers/RoleTests).

using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using NbdFast.Chain;
using NbdFast.Drivers;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Server;

public sealed class LazyHandOverTests
{
    private const int BlockBytes = 512;
    private const int Blocks = 256;
    private const int Depth = 24;
    private const int Rounds = 60;

    public static TheoryData<string, int> Cases()
    {
        TheoryData<string, int> cases = [];
        foreach (string io in (string[])[nameof(IoChoice.Threads), nameof(IoChoice.Epoll), nameof(IoChoice.Uring)])
            foreach (int threads in (int[])[1, 4, 16])
                cases.Add(io, threads);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Stalls_lose_and_double_and_mix_up_nothing(string io, int threads)
    {
        int stalls = 0;
        FakePlugin plugin = Plugin(new byte[4 * Blocks * BlockBytes], call => Stall(call, ref stalls));
        using LocalServer server = LocalServer.Start(
            plugin, options: options => options with { Io = Enum.Parse<IoChoice>(io), Threads = threads });
        Task[] clients = [.. Enumerable.Range(0, 4).Select(number => Task.Factory.StartNew(
            () => Exchange(server, number, new byte[4 * Blocks * BlockBytes]),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];
        await Task.WhenAll(clients);
        Assert.True(stalls > 10, $"only {stalls} requests were stuck");
    }

    // Nearly all of the disk is out of the page cache at any time, so that many reads are under way in a ring while
    // roles change hands.
    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Stalls_amid_reads_of_a_cold_file_do_neither(string io, int threads)
    {
        int stalls = 0;
        LentFile file = new(4 * Blocks * BlockBytes) { Calling = call => Stall(call, ref stalls) };
        using LocalServer server = LocalServer.Start(
            file, options: options => options with { Io = Enum.Parse<IoChoice>(io), Threads = threads });
        using CancellationTokenSource ended = new();
        Task drops = Task.Run(() =>
        {
            while (!ended.IsCancellationRequested)
                file.DropFromCache();
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(number => Task.Factory.StartNew(
            () => Exchange(server, number, file.Content),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        await ended.CancelAsync();
        await drops;
        Assert.True(stalls > 10, $"only {stalls} requests were stuck");
    }

    [Theory]
    [InlineData(nameof(IoChoice.Threads))]
    [InlineData(nameof(IoChoice.Epoll))]
    [InlineData(nameof(IoChoice.Uring))]
    public void A_stuck_write_keeps_its_data_while_others_overtake_it(string io)
    {
        Barrier barrier = new();
        byte[] disk = new byte[64 * BlockBytes];
        int writes = 0;
        FakePlugin plugin = Plugin(
            disk, call => call == "write" && Interlocked.Increment(ref writes) == 1 ? barrier.Pass() : Errno.Ok);
        using LocalServer server = LocalServer.Start(
            plugin, options: options => options with { Io = Enum.Parse<IoChoice>(io) });
        using RawClient client = server.Open();
        byte[] first = Pattern(1, 0);
        client.SendRequest(NbdWire.CmdWrite, 1, 0, BlockBytes, 0, first);
        barrier.WaitFor(1);
        for (ulong i = 2; i < 60; i++)
        {
            client.SendRequest(NbdWire.CmdWrite, i, i * BlockBytes, BlockBytes, 0, Pattern((int)i, 1));
            Assert.Equal(0U, client.ReceiveReply(i, i * BlockBytes, 0).Error);
        }

        barrier.Open();
        Assert.Equal(0U, client.ReceiveReply(1, 0, 0).Error);
        Assert.Equal(first, disk[..BlockBytes]);
    }

    private static FakePlugin Plugin(byte[] disk, Func<string, Errno> calling) => new()
    {
        Disk = disk,
        Calling = calling,
        TableOverride = new UnitTable
        {
            Name = "fake",
            LongName = "",
            Operations = Operations.All,
            ThreadModel = ThreadModel.Parallel,
            Latency = Latency.MayBlock,
        },
    };

    // Some wait longer than the watch has patience for, some just about as long: that is where a race would show.
    private static Errno Stall(string call, ref int stalls)
    {
        if (call is not ("read" or "write" or "lend"))
            return Errno.Ok;
        int dice = Random.Shared.Next(200);
        if (dice >= 12)
            return Errno.Ok;
        Interlocked.Increment(ref stalls);
        Thread.Sleep(dice < 4 ? dice * 3 : 1);
        if (dice > 8)
            Thread.SpinWait(20_000 * (dice - 8));
        return Errno.Ok;
    }

    // Each client has its own part of the disk, and at most one request under way for each block.
    private static void Exchange(LocalServer server, int number, byte[] disk)
    {
        using RawClient client = server.Open();
        Random random = new(number);
        ulong start = (ulong)(number * Blocks * BlockBytes);
        int[] versions = new int[Blocks];
        ulong cookie = 0;
        for (int round = 0; round < Rounds; round++)
        {
            int[] blocks = [.. Enumerable.Range(0, Blocks).OrderBy(_ => random.Next()).Take(Depth)];
            Dictionary<ulong, int> reads = [];
            List<ulong> cookies = [];
            foreach (int block in blocks)
            {
                ulong offset = start + (ulong)(block * BlockBytes);
                cookies.Add(++cookie);
                if (random.Next(2) == 0)
                {
                    client.SendRequest(
                        NbdWire.CmdWrite, cookie, offset, BlockBytes, 0, Pattern(block, ++versions[block]));
                }
                else
                {
                    client.SendRequest(NbdWire.CmdRead, cookie, offset, BlockBytes);
                    reads.Add(cookie, block);
                }
            }

            Receive(client, cookies, reads, block => versions[block] > 0
                ? Pattern(block, versions[block])
                : disk.AsSpan((int)start + (block * BlockBytes), BlockBytes).ToArray());
        }
    }

    // Simple replies in whatever order they come: each request's once, with what was written last.
    private static void Receive(
        RawClient client, List<ulong> awaited, Dictionary<ulong, int> reads, Func<int, byte[]> expected)
    {
        while (awaited.Count > 0)
        {
            Assert.Equal(NbdWire.SimpleReplyMagic, client.ReceiveU32());
            Assert.Equal(0U, client.ReceiveU32());
            ulong cookie = client.ReceiveU64();
            Assert.True(awaited.Remove(cookie), $"{cookie} was not awaited");
            if (reads.TryGetValue(cookie, out int block))
                Assert.Equal(expected(block), client.Receive(BlockBytes));
        }
    }

    private static byte[] Pattern(int block, int version)
    {
        byte[] bytes = new byte[BlockBytes];
        new Random((block * 1000) + version).NextBytes(bytes);
        return bytes;
    }
}
