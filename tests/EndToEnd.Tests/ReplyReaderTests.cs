// Replies in all pieces that a socket may cut them into. Not: sockets.

using System;
using System.Buffers.Binary;
using NbdFast.Bench.EndToEnd.Load;

namespace NbdFast.EndToEnd.Tests;

public sealed class ReplyReaderTests
{
    private const int Block = 64;
    private const int Header = 16;

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(79)]
    [InlineData(160)]
    public void Replies_may_be_cut_anywhere(int piece)
    {
        RequestSlots slots = new(2);
        LatencyHistogram latencies = new();
        ReplyReader reader = new(Options, slots, latencies);
        byte[] stream = [.. Reply(slots.Begin(0, 5), 0), .. Reply(slots.Begin(640, 10), 640)];
        for (int i = 0; i < stream.Length; i += piece)
            reader.Take(stream.AsSpan(i, Math.Min(piece, stream.Length - i)), now: 20);
        Assert.Equal(2, reader.Completed);
        Assert.Equal(0, slots.UnderWay);
        Assert.Equal(10, latencies.Percentile(0.5));
        Assert.Equal(15, latencies.Percentile(1));
    }

    [Fact]
    public void Data_from_another_place_is_noticed()
    {
        RequestSlots slots = new(1);
        ReplyReader reader = new(Options, slots, new LatencyHistogram());
        byte[] reply = Reply(slots.Begin(0, 0), offset: 64);
        Assert.Throws<LoadException>(() => reader.Take(reply, 1));
    }

    [Fact]
    public void An_error_ends_the_measurement()
    {
        RequestSlots slots = new(1);
        ReplyReader reader = new(Options, slots, new LatencyHistogram());
        byte[] reply = Reply(slots.Begin(0, 0), offset: 0);
        reply[7] = 5;
        LoadException error = Assert.Throws<LoadException>(() => reader.Take(reply, 1));
        Assert.Contains("EIO", error.Message, StringComparison.Ordinal);
    }

    private static LoadOptions Options => new() { BlockBytes = Block, Verify = true };

    private static byte[] Reply(ulong cookie, ulong offset)
    {
        byte[] reply = new byte[Header + Block];
        BinaryPrimitives.WriteUInt32BigEndian(reply, Testing.NbdWire.SimpleReplyMagic);
        BinaryPrimitives.WriteUInt64BigEndian(reply.AsSpan(8), cookie);
        DiskPattern.Fill(reply.AsSpan(Header), offset);
        return reply;
    }
}
