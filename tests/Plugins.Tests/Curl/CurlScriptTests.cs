// header-script and cookie-script. Not: fixed headers (CurlRequestTests).

using System;
using System.Linq;
using System.Threading;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class CurlScriptTests
{
    private static readonly byte[] Content = CurlChain.Noise(10_000);

    [Fact]
    public void A_script_prints_headers_and_knows_the_url()
    {
        using WebServer server = new(Content);
        using ChainHarness chain = CurlChain.Open(
            server.Url, ("header-script", "echo \"A: $iteration\"; echo; echo \"B: $url\"; echo noise >&2"));
        chain.ReadBytes(0, 1);
        Assert.All(server.Requests, request => Assert.Equal("0", request.Header("A")));
        Assert.All(server.Requests, request => Assert.Equal(server.Url, request.Header("B")));
    }

    [Fact]
    public void A_script_prints_the_cookie_on_its_first_line()
    {
        using WebServer server = new(Content);
        using ChainHarness chain = CurlChain.Open(server.Url, ("cookie-script", "echo a=b; echo c=d"));
        Assert.Equal("a=b", server.Requests.Single().Header("Cookie"));
    }

    [Fact]
    public void A_script_may_print_nothing()
    {
        using WebServer server = new(Content);
        using ChainHarness chain = CurlChain.Open(server.Url, ("cookie-script", "true"), ("header-script", "true"));
        Assert.Null(server.Requests.Single().Header("Cookie"));
        Assert.Equal(Content[..9], chain.ReadBytes(0, 9));
    }

    [Theory]
    [InlineData("header-script", "X")]
    [InlineData("cookie-script", "Cookie")]
    public void A_script_is_run_again_when_its_output_is_too_old(string key, string header)
    {
        using WebServer server = new(Content);
        using ChainHarness chain = CurlChain.Open(
            server.Url, (key, header == "X" ? "echo X: n=$iteration" : "echo n=$iteration"), ($"{key}-renew", "1"));
        for (int i = 0; i < 300 && server.Requests[^1].Header(header) != "n=2"; i++)
        {
            chain.ReadBytes(0, 1);
            Thread.Sleep(50);
        }

        Assert.Equal(["n=0", "n=1", "n=2"], server.Requests.Select(request => request.Header(header)).Distinct());
    }

    [Fact]
    public void Without_a_time_a_script_is_run_once()
    {
        using WebServer server = new(Content);
        using ChainHarness chain = CurlChain.Open(server.Url, ("header-script", "echo X: $iteration"));
        chain.ReadBytes(0, 1);
        Assert.Equal(Errno.Ok, chain.Connect(out _));
        Assert.All(server.Requests, request => Assert.Equal("0", request.Header("X")));
        Assert.Equal(3, server.Requests.Count);
    }

    [Theory]
    [InlineData("header-script", "exit 3", "header-script failed (exit code 3)")]
    [InlineData("cookie-script", "echo no token >&2; exit 1", "cookie-script failed (exit code 1): no token")]
    [InlineData("cookie-script", "kill -9 $$", "cookie-script failed (signal 9)")]
    public void A_script_that_fails_keeps_the_disk_from_being_opened(string key, string script, string gist)
    {
        using WebServer server = new(Content);
        Assert.Contains(gist, CurlChain.Refused(server.Url, (key, script)), StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void A_script_that_fails_later_fails_requests_until_it_succeeds()
    {
        using TempFolder folder = new();
        using WebServer server = new(Content);
        using ChainHarness chain = CurlChain.Open(
            server.Url, ("header-script", $"test ! -e {folder.File("broken")} && echo X: $iteration"),
            ("header-script-renew", "1"));
        System.IO.File.WriteAllText(folder.File("broken"), "");
        for (int i = 0; i < 300 && chain.Next.Read(new byte[1], 0) == Errno.Ok; i++)
            Thread.Sleep(50);
        Assert.Contains("header-script failed", CurlChain.FailedRead(chain, 0, 100), StringComparison.Ordinal);
        System.IO.File.Delete(folder.File("broken"));
        Assert.Equal(Content[..9], chain.ReadBytes(0, 9));
        Assert.Equal("1", server.Requests[^1].Header("X"));
    }

    [Fact]
    public void A_url_with_quotes_reaches_the_script_whole()
    {
        using WebServer server = new(Content);
        string url = $"http://127.0.0.1:{server.Port}/it's%20$HOME";
        using ChainHarness chain = CurlChain.Open(url, ("header-script", "printf 'X: %s\\n' \"$url\""));
        Assert.Equal(url, server.Requests.Single().Header("X"));
    }
}
