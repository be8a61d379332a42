// The pool of request buffers. Not: the bound on its bytes (ByteBudgetTests).

using System;
using System.Collections.Generic;
using System.Linq;
using NbdFast.Buffers;

namespace NbdFast.Core.Tests.Buffers;

public sealed class BufferPoolTests
{
    [Theory]
    [InlineData(1, 4096)]
    [InlineData(4096, 4096)]
    [InlineData(4097, 8192)]
    [InlineData(65_536, 65_536)]
    [InlineData(65_537, 131_072)]
    [InlineData((32 << 20) + 1, 64 << 20)]
    [InlineData(BufferPool.MaximumPayload, 64 << 20)]
    public void A_buffer_holds_the_next_power_of_two(int payload, int capacity)
    {
        BufferPool pool = new();
        RequestBuffer buffer = pool.Rent(payload);
        Assert.Equal(capacity, buffer.Capacity);
        Assert.Equal(capacity, BufferPool.CapacityFor(payload));
        Assert.Equal(0, buffer.PayloadAddress % 4096);
        buffer.Payload(payload)[^1] = 1;
        pool.Return(buffer);
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(65_536)]
    [InlineData(1 << 20)]
    public void The_last_buffer_returned_is_lent_first(int payload)
    {
        BufferPool pool = new();
        RequestBuffer one = pool.Rent(payload);
        RequestBuffer two = pool.Rent(payload);
        Assert.NotSame(one, two);
        pool.Return(two);
        pool.Return(one);
        Assert.Same(one, pool.Rent(payload - 1));
        Assert.Same(two, pool.Rent(payload));
    }

    [Fact]
    public void Buffers_do_not_overlap()
    {
        BufferPool pool = new();
        List<RequestBuffer> all = [];
        foreach (int payload in new[] { 1, 4096, 8192, 16_384, 65_536, 100_000 })
            for (int i = 0; i < 40; i++)
            {
                RequestBuffer buffer = pool.Rent(payload);
                buffer.Payload(payload).Fill((byte)all.Count);
                buffer.Header(64).Fill((byte)~all.Count);
                all.Add(buffer);
            }

        int number = 0;
        foreach (int payload in new[] { 1, 4096, 8192, 16_384, 65_536, 100_000 })
            for (int i = 0; i < 40; i++, number++)
            {
                Assert.Equal(-1, all[number].Payload(payload).IndexOfAnyExcept((byte)number));
                Assert.Equal(-1, all[number].Header(64).IndexOfAnyExcept((byte)~number));
            }
    }

    [Fact]
    public void Only_some_large_buffers_are_kept()
    {
        BufferPool pool = new();
        RequestBuffer[] all = [.. Enumerable.Range(0, 5).Select(_ => pool.Rent(32 << 20))];
        foreach (RequestBuffer buffer in all)
            pool.Return(buffer);
        HashSet<RequestBuffer> kept = [.. Enumerable.Range(0, 5).Select(_ => pool.Rent(32 << 20))];
        Assert.Equal(2, all.Count(kept.Contains));
        foreach (RequestBuffer buffer in kept)
            buffer.Payload(32 << 20)[0] = 1;   // Every one that is lent can be used.
    }
}
