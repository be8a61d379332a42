// Reads of lent files that are not in the page cache, under every driver. Not: the ring (Drivers/ReadRingTests), such
// reads amid requests that get stuck (LazyHandOverTests).

using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using NbdFast.Drivers;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Server;

public sealed class ColdReadTests
{
    private const int FileBytes = 8 << 20;
    private const int BlockBytes = 4096;
    private const int EIO = 5;

    public static TheoryData<string> Drivers() =>
        [nameof(IoChoice.Threads), nameof(IoChoice.Epoll), nameof(IoChoice.Uring)];

    [Theory]
    [MemberData(nameof(Drivers))]
    public void Each_read_is_answered_once_with_its_bytes(string io)
    {
        LentFile file = new(FileBytes);
        using LocalServer server = Start(file, io);
        using RawClient client = server.Open();
        Random random = new Seed(2).Random;
        for (int round = 0; round < 5; round++)
        {
            file.DropFromCache();
            Dictionary<ulong, (int Offset, int Length)> sent = [];
            for (ulong cookie = 1; cookie <= 300; cookie++)
            {
                int length = random.Next(1, 100_000);   // By the ring, and by threads.
                int offset = random.Next(FileBytes - length);
                sent.Add(cookie, (offset, length));
                client.SendRequest(NbdWire.CmdRead, cookie, (ulong)offset, (uint)length);
            }

            while (sent.Count > 0)
            {
                Assert.Equal(NbdWire.SimpleReplyMagic, client.ReceiveU32());
                Assert.Equal(0U, client.ReceiveU32());
                Assert.True(sent.Remove(client.ReceiveU64(), out (int Offset, int Length) read));
                Assert.Equal(file.Content.AsSpan(read.Offset, read.Length).ToArray(), client.Receive(read.Length));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public void With_one_thread_replies_come_in_the_order_of_requests(string io)
    {
        LentFile file = new(FileBytes);
        using LocalServer server = Start(file, io, threads: 1);
        using RawClient client = server.Open();
        for (ulong i = 0; i < 100; i++)
            client.SendRequest(NbdWire.CmdRead, i, i * 37 % 100 * BlockBytes, BlockBytes);
        for (ulong i = 0; i < 100; i++)
            Assert.Equal(0U, client.ReceiveReply(i, i * 37 % 100 * BlockBytes, BlockBytes).Error);
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public void Reads_behind_the_end_of_a_file_that_was_cut_short_fail_and_no_others(string io)
    {
        LentFile file = new(FileBytes);
        using LocalServer server = Start(file, io);
        using RawClient client = server.Open();
        file.Cut(FileBytes / 2);
        file.DropFromCache();
        const int Reads = 64;
        const int Step = FileBytes / Reads;
        for (ulong i = 0; i < Reads; i++)
            client.SendRequest(NbdWire.CmdRead, i, i * Step, BlockBytes);
        Dictionary<ulong, uint> errors = [];
        for (int i = 0; i < Reads; i++)
        {
            Assert.Equal(NbdWire.SimpleReplyMagic, client.ReceiveU32());
            uint error = client.ReceiveU32();
            errors.Add(client.ReceiveU64(), error);
            if (error == 0)
                client.Receive(BlockBytes);
        }

        Assert.All(errors, reply => Assert.Equal(reply.Key < Reads / 2 ? 0U : EIO, reply.Value));
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public void Clients_that_leave_amid_reads_harm_nobody(string io)
    {
        LentFile file = new(FileBytes);
        using LocalServer server = Start(file, io);
        using RawClient witness = server.Open();
        for (int round = 0; round < 20; round++)
        {
            file.DropFromCache();
            using RawClient client = server.Open();
            for (ulong i = 0; i < 100; i++)
                client.SendRequest(NbdWire.CmdRead, i, i * BlockBytes, BlockBytes);
            if (round % 2 == 0)
                client.Disconnect();
        }

        witness.SendRequest(NbdWire.CmdRead, 1, 0, BlockBytes);
        Assert.Equal(file.Content[..BlockBytes], witness.ReceiveReply(1, 0, BlockBytes).Data);
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public void A_client_that_takes_no_replies_does_not_keep_others_from_reading(string io)
    {
        LentFile file = new(FileBytes);
        using LocalServer server = Start(file, io);
        using RawClient greedy = server.Open();
        using RawClient modest = server.Open();
        // More than the sockets hold.
        Thread sender = new(() =>
        {
            for (ulong i = 0; i < 4000; i++)
                greedy.SendRequest(NbdWire.CmdRead, i, i * 17 % 2000 * BlockBytes, BlockBytes);
        });
        sender.Start();
        for (ulong i = 0; i < 50; i++)
        {
            file.DropFromCache();
            modest.SendRequest(NbdWire.CmdRead, i, i * BlockBytes, BlockBytes);
            byte[] block = file.Content.AsSpan((int)i * BlockBytes, BlockBytes).ToArray();
            Assert.Equal(block, modest.ReceiveReply(i, 0, BlockBytes).Data);
        }

        for (int i = 0; i < 4000; i++)
            greedy.Receive(16 + BlockBytes);
        sender.Join();
    }

    private static LocalServer Start(LentFile file, string io, int? threads = null) => LocalServer.Start(
        file,
        options: options => threads == null
            ? options with { Io = Enum.Parse<IoChoice>(io) }
            : options with { Io = Enum.Parse<IoChoice>(io), Threads = threads.Value });
}
