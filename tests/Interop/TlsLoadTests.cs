// TLS under load: many clients at once, and keys that change while data flows. Not: speed (bench/EndToEnd).

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using NbdFast.Testing;
using static NbdFast.Interop.TlsServer;

namespace NbdFast.Interop;

public sealed class TlsLoadTests
{
    private const int Block = 4096;
    private const int MostGrowthKiB = 24 << 10;   // Buffers that the pool keeps, what is written first.

    // Seconds that the long test takes; NBDFAST_TEST_SOAK makes it longer (CONTRIBUTING.md).
    private static readonly int SoakSeconds =
        int.TryParse(Environment.GetEnvironmentVariable("NBDFAST_TEST_SOAK"), out int seconds) ? seconds : 4;

    // GnuTLS takes no more than eight changes of keys in a second.
    private static readonly TimeSpan BetweenUpdates = TimeSpan.FromMilliseconds(150);

    [Fact]
    public async Task Handshakes_in_parallel_disturb_nobody_whose_data_flows()
    {
        const int Clients = 200;
        using ServerProcess server = Start(Certificates);
        using CancellationTokenSource done = new();
        Task<int> flowing = Task.Factory.StartNew(
            () => KeepReading(server, done.Token), TaskCreationOptions.LongRunning);
        int failed = 0;
        Thread[] threads = [.. Enumerable.Range(0, Clients).Select(number => new Thread(() =>
        {
            try
            {
                using RawClient client = Secured(server, TlsFiles.Of("client"));
                byte[] own = Pattern(number);
                Assert.Equal(0u, client.Write((ulong)(number * Block), own).Error);
                Assert.Equal(own, client.Read((ulong)(number * Block), Block).Data);
                client.Disconnect();
            }
            catch (Exception)
            {
                Interlocked.Increment(ref failed);
                throw;
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        await done.CancelAsync();
        Assert.True(await flowing > 0);
        Assert.Equal(0, failed);
    }

    [Theory]
    [InlineData("", 16)]
    [InlineData("-D nbdkit.mayblock=1 ", 16)]   // Other threads reply than the one that receives.
    [InlineData("--filter=delay ", 16)]
    [InlineData("", 1)]
    public void Keys_change_while_requests_are_under_way(string options, int depth)
    {
        string plugin = options.Contains("delay") ? "memory 24M rdelay=100us wdelay=100us" : "memory 24M";
        using ServerProcess server = Start(options + Keys, plugin);
        using RawClient client = Secured(server, TlsFiles.Of("keys.psk"), "NORMAL:-VERS-ALL:+VERS-TLS1.3:+ECDHE-PSK");
        Random random = new Seed(1).Random;
        Dictionary<int, byte[]> written = [];
        int updates = 0;
        for (Stopwatch since = Stopwatch.StartNew(); updates < 20;)
        {
            if (since.Elapsed > BetweenUpdates)
            {
                client.UpdateKeys();
                since.Restart();
                updates++;
            }

            Exchange(client, random, written, depth);
        }
    }

    [Fact]
    public async Task A_session_lives_through_changes_of_keys_on_many_connections()
    {
        using ServerProcess server = Start("-D nbdkit.mayblock=1 " + Certificates);
        long[] resident = new long[2];
        await Task.WhenAll(Enumerable.Range(0, 4).Select(number => Task.Factory.StartNew(
            () => Soak(server, number, resident), TaskCreationOptions.LongRunning)));
        Assert.InRange(resident[1], 1, resident[0] + MostGrowthKiB);
    }

    // Each on a part of the disk of its own.
    private static void Soak(ServerProcess server, int number, long[] resident)
    {
        using RawClient client = Secured(server, TlsFiles.Of("client"), "NORMAL:-VERS-ALL:+VERS-TLS1.3");
        byte[] data = new byte[1 << 20];
        new Random(number).NextBytes(data);
        ulong offset = (ulong)number << 20;
        Stopwatch all = Stopwatch.StartNew();
        for (bool isLast = false; !isLast;)
        {
            isLast = all.Elapsed.TotalSeconds > SoakSeconds;
            if (number == 0 && (isLast || all.Elapsed.TotalSeconds < SoakSeconds / 4.0))
                resident[isLast ? 1 : 0] = ResidentKiB(server);
            client.UpdateKeys();
            Assert.Equal(0u, client.Write(offset, data).Error);
            for (Stopwatch since = Stopwatch.StartNew(); since.Elapsed < BetweenUpdates;)
                Assert.Equal(data, client.Read(offset, data.Length).Data);
        }
    }

    private static long ResidentKiB(ServerProcess server) =>
        long.Parse(File.ReadLines($"/proc/{server.ProcessId}/status")
            .Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))[6..^2], CultureInfo.InvariantCulture);

    // Some writes, and reads of what was written before, all at once.
    private static void Exchange(RawClient client, Random random, Dictionary<int, byte[]> written, int depth)
    {
        Message requests = new();
        List<(ulong Cookie, int Block)> reads = [];
        Dictionary<int, byte[]> writes = [];
        for (int i = 0; i < depth; i++)
        {
            int block = random.Next(64);
            if (random.Next(2) == 0 && written.ContainsKey(block) && !writes.ContainsKey(block))
            {
                reads.Add(((ulong)i, block));
                Request(requests, NbdWire.CmdRead, (ulong)i, block, []);
            }
            else if (!writes.ContainsKey(block) && reads.TrueForAll(read => read.Block != block))
            {
                byte[] data = new byte[Block];
                random.NextBytes(data);
                writes.Add(block, data);
                Request(requests, NbdWire.CmdWrite, (ulong)i, block, data);
            }
        }

        client.Send(requests);
        for (int i = 0; i < reads.Count + writes.Count; i++)
        {
            byte[] reply = client.Receive(16);
            Assert.Equal(NbdWire.SimpleReplyMagic, BinaryPrimitives.ReadUInt32BigEndian(reply));
            Assert.Equal(0u, BinaryPrimitives.ReadUInt32BigEndian(reply.AsSpan(4)));
            ulong cookie = BinaryPrimitives.ReadUInt64BigEndian(reply.AsSpan(8));
            int read = reads.FindIndex(candidate => candidate.Cookie == cookie);
            if (read >= 0)
                Assert.Equal(written[reads[read].Block], client.Receive(Block));
        }

        foreach ((int block, byte[] data) in writes)
            written[block] = data;
    }

    private static void Request(Message message, ushort command, ulong cookie, int block, byte[] data)
    {
        message.U32(NbdWire.RequestMagic).U16(0).U16(command).U64(cookie);
        message.U64((ulong)(block * Block)).U32(Block).Raw(data);
    }

    private static int KeepReading(ServerProcess server, CancellationToken done)
    {
        const ulong Own = 16 << 20;
        using RawClient client = Secured(server, TlsFiles.Of("client"));
        byte[] data = new byte[1 << 20];
        new Random(5).NextBytes(data);
        Assert.Equal(0u, client.Write(Own, data).Error);
        int reads = 0;
        for (; !done.IsCancellationRequested; reads++)
            Assert.Equal(data, client.Read(Own, data.Length).Data);
        return reads;
    }

    private static byte[] Pattern(int number)
    {
        byte[] pattern = new byte[Block];
        new Random(number).NextBytes(pattern);
        return pattern;
    }

    private static RawClient Secured(ServerProcess server, string credentials, string priority = RawClient.AnyTls)
    {
        RawClient client = RawClient.Connect(server);
        client.Greet();
        client.StartTls(credentials, priority);
        client.Go();
        return client;
    }
}
