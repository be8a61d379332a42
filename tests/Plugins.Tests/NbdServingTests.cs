// The nbd plugin between a client and a server of this process. Not: its parameters (NbdParameterTests), servers that
// break the protocol (Core.Tests/Client).

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using NbdFast.Plugins.Nbd;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class NbdServingTests
{
    private const int DiskBytes = 1 << 20;

    public static TheoryData<ReplyMode, bool, string> Ways => new()
    {
        { ReplyMode.Simple, false, "1" },
        { ReplyMode.Structured, true, "1" },
        { ReplyMode.Extended, false, "3" },
        { ReplyMode.Structured, true, "3" },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void Random_requests_do_what_a_model_does(ReplyMode mode, bool isShared, string connections)
    {
        using LocalServer origin = LocalServer.Start(
            PluginRegistry.Create("memory")!, parameters: [("size", $"{DiskBytes}")]);
        using LocalServer server = Before(origin, ("shared", $"{isShared}"), ("connections", connections));
        using RawClient client = server.Open(mode);
        byte[] model = new byte[DiskBytes];
        Seed seed = new();
        for (int step = 0; step < 300; step++)
            Step(client, model, seed.Random, $"{seed} step {step}");
        Assert.Equal(model, client.Read(0, DiskBytes).Data);
    }

    [Fact]
    public void Many_requests_of_several_clients_are_under_way_over_one_connection()
    {
        const int Clients = 4, Depth = 64, Block = 4096;
        using LocalServer origin = LocalServer.Start(
            PluginRegistry.Create("pattern")!, parameters: [("size", $"{DiskBytes}")]);
        using LocalServer server = Before(origin, ("shared", "true"));
        RawClient[] clients = [.. Enumerable.Range(0, Clients).Select(_ => server.Open())];
        for (int round = 0; round < 20; round++)
        {
            foreach (RawClient client in clients)
                for (ulong i = 0; i < Depth; i++)
                    client.SendRequest(NbdWire.CmdRead, i, i * Block, Block);
            foreach (RawClient client in clients)
                ReceiveAll(client, Depth, Block);
        }

        foreach (RawClient client in clients)
            client.Dispose();
    }

    [Fact]
    public void What_the_export_can_do_is_what_its_server_says()
    {
        foreach (bool isPoor in (bool[])[true, false])
        {
            FakePlugin plugin = new()
            {
                Describing = (ref ExportInfo info) =>
                {
                    info.CanFlush = info.CanTrim = info.Rotational = info.MultiConn = !isPoor;
                    info.Fua = isPoor ? FuaSupport.None : FuaSupport.Native;
                    info.Cache = isPoor ? CacheSupport.None : CacheSupport.Native;
                    info.Zero = isPoor ? ZeroSupport.None : ZeroSupport.Native;
                    info.CanFastZero = !isPoor;
                    (info.BlockMinimum, info.BlockPreferred, info.BlockMaximum) =
                        isPoor ? (0, 0, 0) : (512u, 4096u, 1u << 20);
                    info.Description = isPoor ? null : "a text";
                },
            };
            using LocalServer origin = LocalServer.Start(plugin);
            using LocalServer server = Before(origin);
            using RawClient direct = origin.Open(ReplyMode.Structured), over = server.Open(ReplyMode.Structured);
            Assert.Equal(direct.ExportSize, over.ExportSize);
            // Zero requests are emulated, as nbdkit does, and emulated ones are never fast.
            ushort emulated = isPoor ? (ushort)(NbdWire.SendWriteZeroes | NbdWire.SendFastZero) : (ushort)0;
            Assert.Equal(direct.ExportFlags | emulated, over.ExportFlags | emulated);
        }
    }

    [Fact]
    public void A_larger_read_than_the_server_takes_comes_in_pieces()
    {
        FakePlugin plugin = new()
        {
            Disk = [.. Enumerable.Range(0, DiskBytes).Select(i => (byte)(i >> 9))],
            Describing = (ref ExportInfo info) =>
            {
                (info.BlockMinimum, info.BlockPreferred, info.BlockMaximum) = (512, 4096, 64 << 10);
            },
        };
        using LocalServer origin = LocalServer.Start(plugin);
        using LocalServer server = Before(origin);
        using RawClient client = server.Open();
        Assert.Equal(plugin.Disk, client.Read(0, DiskBytes).Data);
        byte[] data = [.. plugin.Disk.Reverse()];
        Assert.Equal(0U, client.Write(0, data).Error);
        Assert.Equal(data, plugin.Disk);
    }

    [Fact]
    public void Clients_choose_the_export_if_they_may()
    {
        using LocalServer origin = LocalServer.Start(new FakePlugin { Exports = ["one", "two"], DefaultName = "one" });
        using LocalServer fixedName = Before(origin, ("export", "two"));
        using LocalServer dynamic = Before(origin, ("dynamic-export", "true"));
        using RawClient lister = dynamic.Connect();
        lister.Greet();
        IReadOnlyList<OptionReply> listed = lister.Option(NbdWire.OptList, []);
        Assert.Equal(3, listed.Count);   // Two, and the end.
        using RawClient one = fixedName.Open(export: "whatever"), two = dynamic.Open(export: "two");
        Assert.Equal(one.ExportSize, two.ExportSize);
    }

    [Fact]
    public void A_server_that_dies_fails_what_is_under_way_and_what_comes_later()
    {
        using ScriptedServer origin = new(talk =>
        {
            talk.Negotiate(ReplyMode.Simple, DiskBytes, NbdWire.HasFlags | NbdWire.SendFlush);
            for (int i = 0; i < 3; i++)
                talk.ReceiveRequest();
        });
        using LocalServer server = LocalServer.Start(new NbdPlugin(), parameters: [("socket", origin.SocketPath)]);
        using RawClient client = server.Open();
        for (ulong cookie = 1; cookie <= 3; cookie++)
            client.SendRequest(NbdWire.CmdRead, cookie, 0, 4096);
        Assert.All(client.ReceiveReplies(1, 2, 3), reply => Assert.Equal(NbdWire.Eshutdown, reply.Error));
        Assert.Equal(NbdWire.Eshutdown, client.Flush().Error);
        Assert.Equal(NbdWire.Eshutdown, client.Read(0, 512).Error);
    }

    [Fact]
    public void A_shared_connection_that_broke_is_made_anew_for_the_next_client()
    {
        using ScriptedServer origin = new(talk =>
        {
            talk.Negotiate(ReplyMode.Simple, DiskBytes, NbdWire.HasFlags | NbdWire.SendFlush);
            talk.Simple(talk.ReceiveRequest().Cookie);
        });
        using LocalServer server = LocalServer.Start(
            new NbdPlugin(), parameters: [("socket", origin.SocketPath), ("shared", "true")]);
        for (int round = 1; round <= 3; round++)
        {
            using RawClient client = server.Open();
            Assert.Equal(0U, client.Flush().Error);
            Assert.Equal(NbdWire.Eshutdown, client.Flush().Error);
            Assert.Equal(round, origin.Clients);
        }
    }

    [Fact]
    public void A_server_that_stops_reading_keeps_nobody_from_being_answered()
    {
        using ScriptedServer origin = new(talk =>
        {
            talk.Negotiate(ReplyMode.Simple, DiskBytes, NbdWire.HasFlags | NbdWire.SendFlush);
            ulong flush = talk.ReceiveRequest().Cookie;
            byte[] header = talk.Receive(28);   // Of a write whose data is not taken.
            talk.Simple(flush);
            talk.Receive(DiskBytes);
            talk.Simple(BinaryPrimitives.ReadUInt64BigEndian(header.AsSpan(8)));
            talk.WaitForEnd();
        });
        using LocalServer server = LocalServer.Start(
            new NbdPlugin(), parameters: [("socket", origin.SocketPath), ("shared", "true")]);
        using RawClient one = server.Open(), other = server.Open();
        one.SendRequest(NbdWire.CmdFlush, 1, 0, 0);
        other.SendRequest(NbdWire.CmdWrite, 2, 0, DiskBytes, payload: new byte[DiskBytes]);
        Assert.Equal(0U, one.ReceiveReply(1, 0, 0).Error);
        Assert.Equal(0U, other.ReceiveReply(2, 0, 0).Error);
    }

    private static LocalServer Before(LocalServer origin, params (string Key, string Value)[] parameters) =>
        LocalServer.Start(new NbdPlugin(), parameters: [("socket", origin.SocketPath), .. parameters]);

    private static void Step(RawClient client, byte[] model, Random random, string what)
    {
        int offset = random.Next(model.Length), count = random.Next(1, Math.Min(100_000, model.Length - offset) + 1);
        Span<byte> part = model.AsSpan(offset, count);
        switch (random.Next(4))
        {
            case 0:
                Assert.True(part.SequenceEqual(client.Read((ulong)offset, count).Data), what);
                break;
            case 1:
                random.NextBytes(part);
                Assert.True(client.Write((ulong)offset, part.ToArray()).Error == 0, what);
                break;
            case 2:
                part.Clear();
                Assert.True(client.Zero((ulong)offset, (ulong)count).Error == 0, what);
                break;
            default:
                Assert.True(client.Flush().Error == 0 && client.Cache((ulong)offset, (ulong)count).Error == 0, what);
                break;
        }
    }

    // In whatever order they come.
    private static void ReceiveAll(RawClient client, int count, int block)
    {
        HashSet<ulong> cookies = [];
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(NbdWire.SimpleReplyMagic, client.ReceiveU32());
            Assert.Equal(0U, client.ReceiveU32());
            ulong cookie = client.ReceiveU64();
            Assert.True(cookies.Add(cookie));
            byte[] data = client.Receive(block);
            for (int at = 0; at < block; at += sizeof(ulong))
                Assert.Equal(
                    (cookie * (ulong)block) + (ulong)at, BinaryPrimitives.ReadUInt64BigEndian(data.AsSpan(at)));
        }
    }
}
