// Servers that do not keep to the rules, or that fail. Not: good ones (CurlDataTests).

using System;
using System.Linq;
using System.Threading;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class CurlHostileTests
{
    private const int Size = 100_000;

    private static readonly byte[] Content = CurlChain.Noise(Size);

    [Fact]
    public void A_server_without_ranges_is_refused()
    {
        using WebServer server = new(_ => new WebResponse(200, Content));
        Assert.Contains(
            "server does not support 'range' (byte range) requests", CurlChain.Refused(server.Url),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(500)]
    public void A_file_that_the_server_does_not_give_is_refused(int status)
    {
        using WebServer server = new(_ => WebResponse.Empty(status));
        string message = CurlChain.Refused(server.Url);
        Assert.Contains("problem doing HEAD request to fetch size of URL", message, StringComparison.Ordinal);
        Assert.Contains($"The requested URL returned error: {status}", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_a_length_is_refused()
    {
        using WebServer server = new(request =>
            (WebResponse.Of(request, Content) with { ContentLength = -1, Closes = true })
            .With("Content-Range", "bytes 0-0/*"));
        Assert.Contains("could not get length of remote file", CurlChain.Refused(server.Url), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("xyz://a/b", "Unsupported protocol")]
    [InlineData("http://127.0.0.1:1/x", "Couldn't connect to server")]
    [InlineData("file:///nonexistent", "Couldn't open file /nonexistent")]
    [InlineData("", "missing URL")]
    public void A_url_that_leads_nowhere_is_refused(string url, string gist) =>
        Assert.Contains(gist, CurlChain.Refused(url), StringComparison.Ordinal);

    [Theory]
    [InlineData("less", "the server sent 900 bytes of the 1000 that were asked for")]
    [InlineData("more", "the server sent more than was asked for")]
    [InlineData("much more", "the server sent more than was asked for")]
    [InlineData("breaks off", "transfer closed with 500 bytes remaining to read")]
    [InlineData("nothing", "the server sent 0 bytes of the 1000 that were asked for")]
    [InlineData("later", "the server sent another range than was asked for")]
    [InlineData("longer", "the server sent another range than was asked for")]
    [InlineData("no range", "the server sent another range than was asked for")]
    [InlineData("all", "server does not support 'range' (byte range) requests")]
    [InlineData("other status", "the server answered with status 203")]
    [InlineData("bad gateway", "The requested URL returned error: 502")]
    public void Whatever_a_server_sends_instead_is_an_error_and_the_next_request_is_served(string wrong, string gist)
    {
        int requests = 0;
        using WebServer server = new(request => request.Method == "HEAD" || Interlocked.Increment(ref requests) > 1
            ? WebResponse.Of(request, Content)
            : Wrong(request, wrong));
        using ChainHarness chain = CurlChain.Open(server.Url);
        Assert.Contains(gist, CurlChain.FailedRead(chain, 4096, 1000), StringComparison.Ordinal);
        Assert.Equal(Content[4096..5096], chain.ReadBytes(4096, 1000));
    }

    [Fact]
    public void A_range_that_the_server_does_not_name_is_taken_if_its_length_is_right()
    {
        using WebServer server = new(request => request.Method == "HEAD"
            ? WebResponse.Of(request, Content)
            : WebResponse.Of(request, Content) with { Headers = [] });
        using ChainHarness chain = CurlChain.Open(server.Url);
        Assert.Equal(Content[1..1001], chain.ReadBytes(1, 1000));
    }

    [Fact]
    public void A_server_that_does_not_answer_in_time_is_given_up()
    {
        using ManualResetEvent gate = new(false);
        using WebServer server = new(request => WebResponse.Of(request, Content) with
        {
            Gate = request.Range is { First: 0 } ? gate : null,
        });
        using ChainHarness chain = CurlChain.Open(server.Url, ("timeout", "1"));
        Assert.Contains("Timeout was reached", CurlChain.FailedRead(chain, 0, 1000), StringComparison.Ordinal);
        Assert.Equal(Content[4096..5096], chain.ReadBytes(4096, 1000));
        gate.Set();
    }

    [Fact]
    public void A_server_that_is_gone_is_an_error_and_one_that_is_back_is_used()
    {
        bool isThere = true;
        using WebServer server = new(request => WebResponse.Of(request, Content) with
        {
            Body = Volatile.Read(ref isThere) ? WebResponse.Of(request, Content).Body : [],
            ContentLength = WebResponse.Of(request, Content).Body.Length,
            Closes = !Volatile.Read(ref isThere),
        });
        using ChainHarness chain = CurlChain.Open(server.Url);
        Assert.Equal(Content[..512], chain.ReadBytes(0, 512));
        Volatile.Write(ref isThere, false);
        CurlChain.FailedRead(chain, 60_000, 512);
        CurlChain.FailedRead(chain, 0, 512);
        Volatile.Write(ref isThere, true);
        Assert.Equal(Content[60_000..60_512], chain.ReadBytes(60_000, 512));
        Assert.Equal(5, server.Gets.Count + server.Requests.Count(request => request.Method == "HEAD"));
    }

    private static WebResponse Wrong(WebRequest request, string wrong)
    {
        WebResponse right = WebResponse.Of(request, Content);
        return wrong switch
        {
            "less" => right with { Body = right.Body[..900] },
            "more" => right with { Body = [.. right.Body, 1] },
            "much more" => right with { Body = [.. right.Body, .. Content, .. Content, .. Content] },
            "breaks off" => right with { Body = right.Body[..500], ContentLength = 1000, Closes = true },
            "nothing" => right with { Body = [] },
            "later" => right.With("Content-Range", $"bytes 5096-6095/{Size}"),
            "longer" => right.With("Content-Range", $"bytes 4096-5096/{Size}"),
            "no range" => right.With("Content-Range", "lines 1-2/3"),
            "all" => new WebResponse(200, Content),
            "other status" => right with { Status = 203 },
            _ => WebResponse.Empty(502),
        };
    }
}
