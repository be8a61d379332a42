// The encrypted wire: records, keys that change, sends that stop in the middle. Not: what all wires do (WireTests).

using System;
using System.Threading;
using System.Threading.Tasks;
using NbdFast.Native;
using NbdFast.Transport;

namespace NbdFast.Core.Tests.Transport;

public sealed class TlsWireTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(1, 100_000)]
    [InlineData(2, 40_000)]
    [InlineData(3, 1000)]
    [InlineData(4, 16)]
    public async Task Runs_of_any_length_arrive_in_order(int seed, int longest)
    {
        using WirePair pair = new("tls");
        Random random = new(seed);
        NativeBuffer memory = new(4 << 20);
        random.NextBytes(memory.Span);
        using GatherList list = new();
        byte[] expected = new byte[memory.Length];
        int total = 0;
        while (list.Room > 0 && total < memory.Length - longest)
        {
            int length = random.Next(1, longest + 1);
            int from = random.Next(memory.Length - length);
            list.Add(memory.Address + from, length);
            memory.Span.Slice(from, length).CopyTo(expected.AsSpan(total));
            total += length;
        }

        byte[] received = new byte[total];
        Task receiving = Task.Run(() => ReceiveAll(pair.Far, received));
        while (list.Count > 0)
            list.Advance(AssertSent(pair.Near.Send(list, more: false)));
        await receiving.WaitAsync(Patience);
        Assert.True(expected.AsSpan(0, total).SequenceEqual(received));
        memory.Release();
    }

    [Fact]
    public async Task A_send_that_must_not_wait_goes_on_where_it_stopped()
    {
        using WirePair pair = new("tls");
        NativeBuffer memory = new(8 << 20);
        new Random(1).NextBytes(memory.Span);
        using GatherList list = new();
        list.Add(memory.Address, memory.Length);
        bool waited = false;
        byte[] received = new byte[memory.Length];
        Task receiving = Task.CompletedTask;
        for (int turn = 0; list.Count > 0; turn++)
        {
            // Now and then the caller changes its mind, as a connection does that a loop gives to a thread.
            bool waits = waited && turn % 7 == 0;
            nint sent = waits ? pair.Near.Send(list, more: false) : pair.Near.SendNow(list);
            if (sent == -(nint)Errno.EAGAIN)
            {
                if (!waited)
                    receiving = Task.Run(() => ReceiveAll(pair.Far, received));
                waited = true;
                Thread.Yield();
                continue;
            }

            list.Advance(AssertSent(sent));
        }

        Assert.True(waited);
        await receiving.WaitAsync(Patience);
        Assert.True(memory.Span.SequenceEqual(received));
        memory.Release();
    }

    [Fact]
    public void What_is_not_there_yet_is_told()
    {
        using WirePair pair = new("tls");
        byte[] buffer = new byte[10];
        Assert.Equal(-(nint)Errno.EAGAIN, pair.Near.ReceiveNow(buffer));
        WirePair.SendAll(pair.Far, [1, 2, 3]);
        Assert.Equal(3, pair.Near.ReceiveNow(buffer));
        Assert.Equal(-(nint)Errno.EAGAIN, pair.Near.ReceiveNow(buffer));
    }

    [Fact]
    public void Bytes_that_were_decrypted_already_need_nothing_from_the_socket()
    {
        using WirePair pair = new("tls");
        WirePair.SendAll(pair.Far, new byte[1000]);
        for (int i = 0; i < 10; i++)
            Assert.Equal(100, pair.Near.Receive(new byte[60], new byte[40]));
        Assert.Equal(-(nint)Errno.EAGAIN, pair.Near.ReceiveNow(new byte[1]));
    }

    [Fact]
    public async Task Keys_change_while_both_directions_are_busy()
    {
        const int Bytes = 32 << 20;
        using WirePair pair = new("tls");
        byte[] data = new byte[1 << 20];
        new Random(1).NextBytes(data);
        Task[] busy =
        [
            Task.Run(() => Repeat(Bytes, data.Length, () => Assert.Equal(0, WirePair.SendAll(pair.Near, data)))),
            Task.Run(() => Repeat(Bytes, data.Length, () => AssertReceives(pair.Near, data))),
            Task.Run(() => Repeat(Bytes, data.Length, () => AssertReceives(pair.Far, data))),
            Task.Run(() =>
            {
                // All changes that may be in a second, one behind the other, then data, then again.
                for (int sent = 0, round = 0; sent < Bytes; sent += data.Length, round++)
                {
                    if (round % 8 == 0)
                        for (int i = 0; i < 2; i++)
                            ((TlsPeerWire)pair.Far).UpdateKeys();
                    Assert.Equal(0, WirePair.SendAll(pair.Far, data));
                }
            }),
        ];
        await Task.WhenAll(busy).WaitAsync(Patience);
    }

    [Fact]
    public void A_record_that_was_changed_on_its_way_ends_the_connection()
    {
        using WirePair pair = new("tls");
        // Not a record of this session.
        WirePair.SendAll(((TlsPeerWire)pair.Far).Plain, [23, 3, 3, 0, 32, .. new byte[32]]);
        Assert.InRange(pair.Near.Receive(new byte[10]), nint.MinValue, -1);
        Assert.InRange(pair.Near.Receive(new byte[10]), nint.MinValue, -1);
        Assert.Equal(-(nint)Errno.EPIPE, WirePair.SendAll(pair.Near, [1]));
    }

    private static nint AssertSent(nint sent)
    {
        Assert.InRange(sent, 1, nint.MaxValue);
        return sent;
    }

    private static void Repeat(int bytes, int each, Action action)
    {
        for (int done = 0; done < bytes; done += each)
            action();
    }

    private static void AssertReceives(IWire wire, byte[] expected)
    {
        byte[] received = new byte[expected.Length];
        ReceiveAll(wire, received);
        Assert.Equal(expected, received);
    }

    private static void ReceiveAll(IWire wire, Span<byte> target)
    {
        while (target.Length > 0)
        {
            nint count = wire.Receive(target);
            Assert.InRange(count, 1, target.Length);
            target = target[(int)count..];
        }
    }
}
