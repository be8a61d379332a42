// What is read and written through the curl plugin, from servers that keep to the rules. Not: those that do not
// (CurlHostileTests), how requests are made (CurlRequestTests).

using System;
using System.Linq;
using System.Threading;
using NbdFast.Plugins.Curl;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class CurlDataTests
{
    private const int Size = 300_000;

    private static readonly byte[] Content = CurlChain.Noise(Size);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, Size)]
    [InlineData(Size - 1, 1)]
    [InlineData(12345, 54321)]
    public void A_range_is_what_the_server_has_there(int offset, int count)
    {
        using WebServer server = new(Content);
        using ChainHarness chain = CurlChain.Open(server.Url);
        Assert.Equal(Content[offset..(offset + count)], chain.ReadBytes((ulong)offset, count));
        Assert.Equal((offset, offset + count - 1), server.Gets.Single().Range);
    }

    [Fact]
    public void The_size_comes_from_the_head_alone()
    {
        using WebServer server = new(Content);
        using ChainHarness chain = CurlChain.Open(server.Url);
        Assert.Equal((ulong)Size, chain.Info.Size);
        Assert.Equal("HEAD", server.Requests.Single().Method);
    }

    [Theory]
    [InlineData("refused")]
    [InlineData("without ranges")]
    [InlineData("without length")]
    public void Where_the_head_does_not_tell_the_first_byte_does(string head)
    {
        using WebServer server = new(request => (request.Method, head) switch
        {
            ("HEAD", "refused") => WebResponse.Empty(403),
            ("HEAD", "without ranges") => new WebResponse(200, Content),
            ("HEAD", _) => WebResponse.Empty(200) with { ContentLength = -1, Closes = true },
            _ => WebResponse.Of(request, Content),
        });
        using ChainHarness chain = CurlChain.Open(server.Url);
        Assert.Equal((ulong)Size, chain.Info.Size);
        Assert.Equal((0, 0), server.Gets.Single().Range);
        Assert.Equal(Content[100..200], chain.ReadBytes(100, 100));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_empty_file_is_an_empty_disk(bool hasHead)
    {
        using WebServer server = new(request => request.Method == "HEAD" && !hasHead
            ? WebResponse.Empty(405)
            : WebResponse.Of(request, []));
        using ChainHarness chain = CurlChain.Open(server.Url);
        Assert.Equal(0UL, chain.Info.Size);
    }

    [Fact]
    public void A_server_that_sends_the_whole_file_when_all_of_it_is_asked_for_is_understood()
    {
        using WebServer server = new(request => request.Range is { First: 0, Last: Size - 1 }
            ? new WebResponse(200, Content)
            : WebResponse.Of(request, Content));
        using ChainHarness chain = CurlChain.Open(server.Url);
        Assert.Equal(Content, chain.ReadBytes(0, Size));
    }

    [Fact]
    public void A_write_is_a_put_of_the_range()
    {
        byte[] content = [.. Content];
        using WebServer server = new(request => Answer(request, content));
        using ChainHarness chain = CurlChain.Open(server.Url);
        byte[] data = CurlChain.Noise(1000);
        Assert.Equal(Errno.Ok, chain.Next.Write(data, 5000, RequestFlags.None));
        WebRequest put = server.Requests.Single(request => request.Method == "PUT");
        Assert.Equal($"bytes 5000-5999/{Size}", put.Header("Content-Range"));
        Assert.Equal(data, content[5000..6000]);
        Assert.Equal(data, chain.ReadBytes(5000, 1000));
        Assert.Equal(Content[6000..7000], chain.ReadBytes(6000, 1000));
    }

    [Fact]
    public void A_large_write_does_not_wait_to_be_welcome()
    {
        byte[] content = new byte[4 << 20];
        using WebServer server = new(request => Answer(request, content));
        using ChainHarness chain = CurlChain.Open(server.Url);
        byte[] data = CurlChain.Noise(3 << 20);
        Assert.Equal(Errno.Ok, chain.Next.Write(data, 1 << 20, RequestFlags.None));
        Assert.Equal(data, content[(1 << 20)..]);
        Assert.Null(server.Requests[^1].Header("Expect"));
    }

    [Fact]
    public void A_write_that_the_server_refuses_is_an_error()
    {
        using WebServer server = new(request => request.Method == "PUT"
            ? WebResponse.Empty(405)
            : WebResponse.Of(request, Content));
        using ChainHarness chain = CurlChain.Open(server.Url);
        Assert.Equal(Errno.EIO, chain.Next.Write(new byte[10], 0, RequestFlags.None));
        Assert.Contains("405", Log.TakeLastError(), StringComparison.Ordinal);
        Assert.Equal(Content[..10], chain.ReadBytes(0, 10));
    }

    [Fact]
    public void Read_only_clients_may_use_several_connections()
    {
        using WebServer server = new(Content);
        using ChainHarness chain = ChainHarness.Start(new CurlPlugin(), [], ("url", server.Url));
        Assert.Equal(Errno.Ok, chain.Connect(out _));
        Assert.Equal(Errno.Ok, chain.Connect(out var readOnly, readOnly: true));
        Assert.True(chain.Info.CanWrite);
        Assert.False(chain.Info.MultiConn);
        Assert.False(readOnly!.Next.Info.CanWrite);
        Assert.True(readOnly.Next.Info.MultiConn);
    }

    [Fact]
    public void A_local_file_can_be_read_but_not_written()
    {
        using TempFolder folder = new();
        System.IO.File.WriteAllBytes(folder.File("disk"), Content);
        using ChainHarness chain = CurlChain.Open($"file://{folder.File("disk")}");
        Assert.Equal((ulong)Size, chain.Info.Size);
        Assert.Equal(Content[777..7777], chain.ReadBytes(777, 7000));
        Assert.False(chain.Info.CanWrite);
    }

    [Fact]
    public void Many_threads_read_what_they_ask_for()
    {
        using WebServer server = new(Content);
        using ChainHarness chain = CurlChain.Open(server.Url);
        int wrong = 0;
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(seed => new Thread(() =>
        {
            Random random = new(seed);
            byte[] buffer = new byte[20_000];
            for (int i = 0; i < 50; i++)
            {
                int count = random.Next(1, buffer.Length);
                int offset = random.Next(Size - count);
                Errno errno = chain.Next.Read(buffer.AsSpan(0, count), (ulong)offset);
                if (errno != Errno.Ok || !buffer.AsSpan(0, count).SequenceEqual(Content.AsSpan(offset, count)))
                    Interlocked.Increment(ref wrong);
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.Equal(0, wrong);
        Assert.InRange(server.Connections, 1, 16);
    }

    internal static WebResponse Answer(WebRequest request, byte[] content)
    {
        if (request.Method != "PUT")
            return WebResponse.Of(request, content);
        string range = request.Header("Content-Range")!;
        string first = range["bytes ".Length..range.IndexOf('-', StringComparison.Ordinal)];
        request.Body.CopyTo(content, int.Parse(first));
        return WebResponse.Empty(204);
    }
}
