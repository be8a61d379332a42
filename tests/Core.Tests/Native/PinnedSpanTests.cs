// Spans shown as memory for the time of a call. Not: waiting for that call (SyncBridgeTests).

using System;
using NbdFast.Native;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Native;

public sealed class PinnedSpanTests
{
    [Fact]
    public void The_memory_is_the_span()
    {
        byte[] bytes = new byte[16];
        int length = PinnedSpan.Lend(bytes.AsSpan(4, 8), 9, static (memory, value) =>
        {
            memory.Span.Fill((byte)value);
            return memory.Length;
        });
        Assert.Equal(8, length);
        Assert.Equal([0, 0, 0, 0, 9, 9, 9, 9, 9, 9, 9, 9, 0, 0, 0, 0], bytes);
    }

    [Fact]
    public void A_call_within_a_call_has_its_own_memory()
    {
        byte[] outer = [1], inner = [2];
        (byte, byte, byte) seen = PinnedSpan.Lend(outer.AsSpan(), inner, static (memory, other) =>
        {
            byte before = memory.Span[0];
            byte within = PinnedSpan.Lend(other.AsSpan(), 0, static (nested, _) => nested.Span[0]);
            return (before, within, memory.Span[0]);
        });
        Assert.Equal((1, 2, 1), seen);
    }

    [Fact]
    public void Memory_that_is_used_after_the_call_is_refused()
    {
        Memory<byte> kept = PinnedSpan.Lend(new byte[8].AsSpan(), 0, static (memory, _) => memory);
        Assert.ThrowsAny<ArgumentException>(() => kept.Span[0]);
    }

    [Fact]
    public void Later_calls_allocate_nothing()
    {
        byte[] bytes = new byte[8];
        Lend(bytes);
        Assert.Equal(0, HeapUse.Of(100, () => Lend(bytes)));
    }

    private static int Lend(byte[] bytes) => PinnedSpan.Lend(bytes.AsSpan(), 0, static (memory, _) => memory.Length);
}
