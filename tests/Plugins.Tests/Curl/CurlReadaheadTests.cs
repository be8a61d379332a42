// Reading ahead: when it is done, and that nobody sees it but for the speed. Not: single requests (CurlDataTests).

using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using NbdFast.Chain;
using NbdFast.Plugins.Curl;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class CurlReadaheadTests
{
    private const int Size = 20 << 20;
    private const int RequestBytes = 64 << 10;

    private static readonly byte[] Content = CurlChain.Noise(Size);

    [Fact]
    public void A_sequential_client_needs_few_requests()
    {
        using WebServer server = new(Content);
        using ChainHarness chain = CurlChain.Open(server.Url);
        ReadAll(chain, RequestBytes);
        Assert.InRange(server.Gets.Count, 2, 30);   // And not 320.
    }

    [Theory]
    [InlineData("0")]
    [InlineData("64K")]
    [InlineData("300K")]
    [InlineData("1G")]
    public void Everything_is_read_right_whatever_is_read_ahead(string readahead)
    {
        using WebServer server = new(Content);
        using ChainHarness chain = CurlChain.Open(server.Url, ("readahead", readahead));
        ReadAll(chain, 333_333);
        if (readahead == "0")
            Assert.Equal((Size + 333_332) / 333_333, server.Gets.Count);
    }

    [Fact]
    public void Requests_larger_than_what_is_read_ahead_are_read_right()
    {
        using WebServer server = new(Content);
        using ChainHarness chain = CurlChain.Open(server.Url, ("readahead", "1M"));
        ReadAll(chain, 5 << 20);
    }

    [Fact]
    public void A_client_that_reads_here_and_there_causes_its_own_requests_alone()
    {
        using WebServer server = new(Content);
        using ChainHarness chain = CurlChain.Open(server.Url);
        for (int i = 0; i < 100; i++)
        {
            int offset = (int)(i * 7_000_003L % (Size - 4096));
            Assert.Equal(Content[offset..(offset + 4096)], chain.ReadBytes((ulong)offset, 4096));
        }

        Assert.Equal(100, server.Gets.Count);
        Assert.All(server.Gets, get => Assert.Equal(4095, get.Range!.Value.Last - get.Range.Value.First));
    }

    [Fact]
    public void Backward_reading_causes_its_own_requests_alone()
    {
        using WebServer server = new(Content);
        using ChainHarness chain = CurlChain.Open(server.Url);
        for (int i = 100; i > 0; i--)
            Assert.Equal(Content[i * 4096], chain.ReadBytes((ulong)i * 4096, 4096)[0]);
        Assert.Equal(100, server.Gets.Count);
    }

    [Fact]
    public void Many_requests_at_once_in_any_order_are_read_right()
    {
        using WebServer server = new(Content);
        using ChainHarness chain = CurlChain.Open(server.Url);
        int next = -1;
        int wrong = 0;
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(_ => new Thread(() =>
        {
            byte[] buffer = new byte[RequestBytes];
            for (int i = Interlocked.Increment(ref next); i < Size / RequestBytes; i = Interlocked.Increment(ref next))
                if (chain.Next.Read(buffer, (ulong)i * RequestBytes) != Errno.Ok
                    || !buffer.AsSpan().SequenceEqual(Content.AsSpan(i * RequestBytes, RequestBytes)))
                    Interlocked.Increment(ref wrong);
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.Equal(0, wrong);
        Assert.InRange(server.Gets.Count, 2, 100);
    }

    [Fact]
    public async Task A_client_with_many_requests_under_way_is_ahead_of_itself()
    {
        const int Count = 64;
        const int Bytes = 256 << 10;
        using ManualResetEvent gate = new(false);
        using WebServer server = new(request => WebResponse.Of(request, Content) with
        {
            Gate = request.Method == "GET" ? gate : null,
        });
        using ChainHarness chain = CurlChain.Open(server.Url);
        byte[][] buffers = [.. Enumerable.Range(0, Count).Select(_ => new byte[Bytes])];
        Task<Errno>[] reads = [.. buffers.Select((buffer, i) =>
            chain.Next.ReadAsync(buffer, (ulong)i * Bytes).AsTask())];
        gate.Set();
        Assert.All(await Task.WhenAll(reads), errno => Assert.Equal(Errno.Ok, errno));
        for (int i = 0; i < Count; i++)
            Assert.True(buffers[i].AsSpan().SequenceEqual(Content.AsSpan(i * Bytes, Bytes)), $"request {i}");
        Assert.InRange(server.Gets.Count(get => get.Range!.Value.Last - get.Range.Value.First >= Bytes), 1, 8);
        Assert.InRange(server.Gets.Count, Count / 2, Count);
    }

    [Fact]
    public void A_write_is_seen_by_whoever_reads_after_it()
    {
        byte[] content = [.. Content];
        using WebServer server = new(request => CurlDataTests.Answer(request, content));
        using ChainHarness chain = ChainHarness.Start(new CurlPlugin(), [], ("url", server.Url));
        Assert.Equal(Errno.Ok, chain.Connect(out _));
        Assert.Equal(Errno.Ok, chain.Connect(out OpenedLayers? other));
        byte[] data = CurlChain.Noise(4096);
        for (ulong offset = 0; offset < 100 * RequestBytes; offset += RequestBytes)
        {
            byte[] expected = content[(int)offset..(int)(offset + RequestBytes)];
            Assert.Equal(expected, chain.ReadBytes(offset, RequestBytes));   // What follows is fetched meanwhile.
            Assert.Equal(Errno.Ok, other!.Next.Write(data, offset + RequestBytes + 100, RequestFlags.None));
        }

        Assert.Contains(server.Gets, get => get.Range!.Value.Last - get.Range.Value.First > RequestBytes);
    }

    [Theory]
    [InlineData("less")]
    [InlineData("status")]
    [InlineData("cut")]
    public void Where_a_large_request_fails_the_small_one_is_sent(string failure)
    {
        int failed = 0;
        using WebServer server = new(request =>
        {
            WebResponse right = WebResponse.Of(request, Content);
            if (request.Range is not { } range || range.Last - range.First < RequestBytes)
                return right;
            Interlocked.Increment(ref failed);
            return failure switch
            {
                "less" => right with { Body = right.Body[..^1] },
                "status" => WebResponse.Empty(429),
                _ => right with { Body = right.Body[..1000], ContentLength = right.Body.Length, Closes = true },
            };
        });
        using ChainHarness chain = CurlChain.Open(server.Url);
        ReadAll(chain, RequestBytes);
        Assert.InRange(failed, 1, 100);   // It is tried again, now and then.
    }

    [Fact]
    public void A_client_may_leave_while_much_is_being_fetched()
    {
        using ManualResetEvent gate = new(false);
        using WebServer server = new(request => WebResponse.Of(request, Content) with
        {
            Gate = request.Range is { First: > 3 << 19 } ? gate : null,
        });
        using (ChainHarness chain = CurlChain.Open(server.Url))
        {
            for (int offset = 0; offset < 3 << 19; offset += 4096)
                Assert.Equal(Content[offset], chain.ReadBytes((ulong)offset, 4096)[0]);
            while (!server.Gets.Any(get => get.Range!.Value.First > 3 << 19))
                Thread.Sleep(5);
        }

        gate.Set();
    }

    private static void ReadAll(ChainHarness chain, int requestBytes)
    {
        byte[] buffer = new byte[requestBytes];
        for (int offset = 0; offset < Size; offset += requestBytes)
        {
            Span<byte> part = buffer.AsSpan(0, Math.Min(requestBytes, Size - offset));
            Assert.Equal(Errno.Ok, chain.Next.Read(part, (ulong)offset));
            Assert.True(part.SequenceEqual(Content.AsSpan(offset, part.Length)), $"at {offset}");
        }
    }
}
