// The buffer of received bytes. Not: what they mean.

using System;
using System.Collections.Generic;
using NbdFast.Buffers;
using NbdFast.Drivers;
using NbdFast.Server;
using NbdFast.Testing;
using NbdFast.Transport;

namespace NbdFast.Core.Tests.Transport;

public sealed class ReceiveBufferTests
{
    private readonly BufferPool _pool = new();

    [Theory]
    [InlineData(1, false)]
    [InlineData(7, false)]
    [InlineData(1000, false)]
    [InlineData(int.MaxValue, false)]
    [InlineData(1, true)]
    [InlineData(1000, true)]
    [InlineData(int.MaxValue, true)]
    public void All_bytes_come_in_order_however_they_are_taken(int mostReceived, bool isLocal)
    {
        byte[] stream = Random(3 * ReceiveBuffer.Capacity + 123, seed: 1);
        if (mostReceived == 1)
            stream = stream[..20_000];
        ScriptedWire wire = new(stream) { MostReceived = mostReceived, IsLocal = isLocal };
        using ReceiveBuffer buffer = new(_pool);
        PayloadReceiver payloads = PayloadsOf(wire, buffer);
        Random random = new Seed(2).Random;
        List<byte> taken = [];
        while (taken.Count < stream.Length)
        {
            int count = Math.Min(random.Next(1, 70_000), stream.Length - taken.Count);
            if (random.Next(2) == 0)
            {
                byte[] target = new byte[count];
                Assert.True(payloads.Fill(target));
                taken.AddRange(target);
            }
            else
            {
                Assert.True(buffer.FillTo(wire, count));
                taken.AddRange(buffer.Available[..count]);
                buffer.Consume(count);
            }
        }

        Assert.Equal(stream, taken);
        Assert.Equal(0, buffer.Count);
        Assert.False(buffer.Fill(wire));
    }

    [Fact]
    public void What_comes_behind_a_payload_is_kept()
    {
        byte[] stream = Random(100_100, seed: 3);
        ScriptedWire wire = new(stream);
        using ReceiveBuffer buffer = new(_pool);
        byte[] payload = new byte[100_000];
        Assert.True(PayloadsOf(wire, buffer).Fill(payload));
        Assert.Equal(stream[..100_000], payload);
        Assert.Equal(stream[100_000..], buffer.Available.ToArray());
        Assert.Equal(1, wire.Receives);
    }

    [Fact]
    public void A_buffer_that_is_full_to_its_end_makes_room()
    {
        byte[] stream = Random(ReceiveBuffer.Capacity + 1000, seed: 4);
        ScriptedWire wire = new(stream);
        using ReceiveBuffer buffer = new(_pool);
        Assert.True(buffer.Fill(wire));
        Assert.Equal(ReceiveBuffer.Capacity, buffer.Count);
        buffer.Consume(ReceiveBuffer.Capacity - 10);
        Assert.True(buffer.FillTo(wire, 1010));
        Assert.Equal(stream[^1010..], buffer.Available.ToArray());
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(500, true)]
    [InlineData(1_000_000, true)]
    [InlineData(1_000_001, false)]
    public void Bytes_can_be_skipped(long count, bool there)
    {
        byte[] stream = Random(1_000_000, seed: 5);
        ScriptedWire wire = new(stream) { MostReceived = 3000 };
        using ReceiveBuffer buffer = new(_pool);
        Assert.Equal(there, buffer.Skip(wire, count));
        if (!there || count == stream.Length)
            return;
        Assert.True(buffer.FillTo(wire, 10));
        Assert.Equal(stream[(int)count..((int)count + 10)], buffer.Available[..10].ToArray());
    }

    [Fact]
    public void The_end_of_the_stream_is_told()
    {
        using ReceiveBuffer buffer = new(_pool);
        ScriptedWire wire = new(new byte[10]);
        Assert.False(buffer.FillTo(wire, 11));
        Assert.False(PayloadsOf(wire, buffer).Fill(new byte[11]));
    }

    private static PayloadReceiver PayloadsOf(ScriptedWire wire, ReceiveBuffer buffer) =>
        new(wire, buffer, new Crowd(IoChoice.Threads));

    private static byte[] Random(int length, int seed)
    {
        byte[] bytes = new byte[length];
        new Seed(seed).Random.NextBytes(bytes);
        return bytes;
    }
}
