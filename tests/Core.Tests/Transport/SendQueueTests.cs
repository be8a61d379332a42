// The combining sender over wires that take little, break or block. Not: replies (Server).

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using NbdFast.Buffers;
using NbdFast.Transport;

namespace NbdFast.Core.Tests.Transport;

public sealed class SendQueueTests
{
    private readonly ByteBudget _budget = new(64 << 20);
    private readonly BufferPool _pool = new();
    private readonly SendBatchPool _batches = new();

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(10_000)]
    [InlineData(int.MaxValue)]
    public void Short_sends_lose_nothing(int mostSent)
    {
        ScriptedWire wire = new() { MostSent = mostSent };
        BufferLender lender = new(_pool, _budget);
        using SendQueue queue = new(wire, lender, _batches);
        List<byte> expected = [];
        for (int i = 0; i < 300; i++)
        {
            AppendSmall(queue, (uint)i);
            expected.AddRange(Small((uint)i));
            if (i % 50 == 0)
            {
                AppendBuffer(queue, lender, (byte)i, 2000);
                expected.AddRange(Enumerable.Repeat((byte)i, 2000));
            }
        }

        queue.Drain();
        Assert.Equal(expected, wire.Sent);
        Assert.Equal(0, _budget.Used);
    }

    [Fact]
    public void What_was_appended_goes_out_in_one_send()
    {
        ScriptedWire wire = new();
        using SendQueue queue = new(wire, new BufferLender(_pool, _budget), _batches);
        for (uint i = 0; i < 100; i++)
            AppendSmall(queue, i);
        Assert.Empty(wire.Sent);
        queue.Flush();
        Assert.Equal(800, wire.LargestSend);
        Assert.Equal(800, wire.Sent.Length);
    }

    [Fact]
    public void A_full_batch_is_sent_without_being_asked()
    {
        ScriptedWire wire = new();
        BufferLender lender = new(_pool, _budget);
        using SendQueue queue = new(wire, lender, _batches);
        for (int i = 0; i < 40; i++)
            AppendBuffer(queue, lender, 1, 64 << 10);
        Assert.InRange(wire.Sent.Length, 1 << 20, 40 << 16);
        Assert.InRange(wire.LargestSend, SendBatch.TargetBytes, SendBatch.TargetBytes + (64 << 10));
    }

    [Fact]
    public void After_a_break_everything_is_dropped_and_given_back()
    {
        ScriptedWire wire = new() { BreaksAfter = 100_000 };
        BufferLender lender = new(_pool, _budget);
        using SendQueue queue = new(wire, lender, _batches);
        for (int i = 0; i < 5000; i++)
        {
            AppendSmall(queue, (uint)i);
            AppendBuffer(queue, lender, 1, 4096);
            queue.Flush();
        }

        queue.Drain();
        Assert.True(queue.IsBroken);
        Assert.InRange(wire.Sent.Length, 0, 100_000);
        Assert.Equal(0, _budget.Used);
    }

    [Fact]
    public void Replies_that_are_finished_during_a_send_go_out_together()
    {
        using ManualResetEventSlim blocked = new(false);
        ScriptedWire wire = new() { Blocks = blocked };
        using SendQueue queue = new(wire, new BufferLender(_pool, _budget), _batches);
        AppendSmall(queue, 0);
        Thread sender = new(queue.Flush);
        sender.Start();
        Assert.True(SpinWait.SpinUntil(() => queue.StalledSinceMs != 0, TimeSpan.FromSeconds(30)));
        for (uint i = 1; i < 100; i++)
        {
            AppendSmall(queue, i);
            queue.Flush();   // Returns at once: the sender takes it along.
        }

        blocked.Set();
        Assert.True(sender.Join(TimeSpan.FromSeconds(30)));
        Assert.Equal(99 * 8, wire.LargestSend);
        Assert.Equal(Enumerable.Range(0, 100).SelectMany(i => Small((uint)i)), wire.Sent);
        Assert.Equal(0, queue.StalledSinceMs);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    public void Messages_of_many_threads_stay_whole(int mostSent)
    {
        const int Threads = 4;
        const int Each = 500;
        ScriptedWire wire = new() { MostSent = mostSent };
        using SendQueue queue = new(wire, new BufferLender(_pool, _budget), _batches);
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(t => new Thread(() =>
        {
            for (int i = 0; i < Each; i++)
            {
                AppendSmall(queue, (uint)(t * Each + i));
                queue.Flush();
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            Assert.True(thread.Join(TimeSpan.FromSeconds(60)));
        queue.Drain();

        uint[] numbers = [.. wire.Sent.Chunk(8).Select(message => BinaryPrimitives.ReadUInt32BigEndian(message))];
        Assert.Equal(numbers.SelectMany(Small), wire.Sent);
        Assert.Equal(Enumerable.Range(0, Threads * Each).Select(i => (uint)i), numbers.Order());
        for (int t = 0; t < Threads; t++)
        {
            uint first = (uint)(t * Each);
            uint[] own = [.. numbers.Where(number => number >= first && number < first + Each)];
            Assert.Equal(own.Order(), own);
        }
    }

    // A number and its complement, so that mixed messages are noticed.
    private static byte[] Small(uint number)
    {
        byte[] message = new byte[8];
        BinaryPrimitives.WriteUInt32BigEndian(message, number);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), ~number);
        return message;
    }

    private static void AppendSmall(SendQueue queue, uint number)
    {
        Small(number).CopyTo(queue.Enter(1, 8).Append(8));
        queue.Leave();
    }

    private static void AppendBuffer(SendQueue queue, BufferLender lender, byte value, int length)
    {
        RequestBuffer buffer = lender.Rent(length);
        buffer.Payload(length).Fill(value);
        SendBatch batch = queue.Enter(1, 0);
        batch.Runs.Add(buffer.PayloadAddress, length);
        batch.Own(buffer);
        queue.Leave();
    }
}
