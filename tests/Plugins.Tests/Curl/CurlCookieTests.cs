// Cookies that servers set. Not: the cookie of the command line (CurlRequestTests).

using System;
using System.IO;
using System.Linq;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class CurlCookieTests : IDisposable
{
    private const string Netscape = "127.0.0.1\tFALSE\t/\tFALSE\t0\told\tfile\n";

    private static readonly byte[] Content = CurlChain.Noise(10_000);

    private readonly TempFolder _folder = new();

    // Sets a cookie on the way, as a login does.
    private readonly WebServer _server = new(request => request.Path == "/disk"
        ? WebResponse.Empty(302, ("Location", "/elsewhere"), ("Set-Cookie", "session=1234; Path=/; Max-Age=9999"))
        : WebResponse.Of(request, Content));

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Cookies_of_servers_are_not_sent_back_by_default()
    {
        using ChainHarness chain = CurlChain.Open(_server.Url);
        Assert.All(_server.Requests, request => Assert.Null(request.Header("Cookie")));
    }

    [Fact]
    public void Cookies_are_processed_from_an_empty_list()
    {
        using ChainHarness chain = CurlChain.Open(_server.Url, ("cookiefile", ""));
        chain.ReadBytes(0, 1);
        Assert.Equal(["", .. Enumerable.Repeat("session=1234", 3)], Cookies);
    }

    [Fact]
    public void Cookies_begin_with_those_of_the_file_which_is_not_written()
    {
        File.WriteAllText(_folder.File("cookies"), Netscape);
        using (ChainHarness chain = CurlChain.Open(_server.Url, ("cookiefile", _folder.File("cookies"))))
            chain.ReadBytes(0, 1);
        Assert.Equal("old=file", Cookies[0]);
        Assert.All(Cookies[1..], cookie => Assert.Equal("old=file session=1234", Sorted(cookie)));
        Assert.Equal(Netscape, File.ReadAllText(_folder.File("cookies")));
    }

    [Fact]
    public void Cookies_are_written_to_the_jar_when_a_client_leaves()
    {
        File.WriteAllText(_folder.File("jar"), Netscape);
        using ChainHarness chain = CurlChain.Open(_server.Url, ("cookiejar", _folder.File("jar")));
        Assert.Equal("old=file", Cookies[0]);
        chain.First.Dispose();
        string jar = File.ReadAllText(_folder.File("jar"));
        Assert.Contains("session\t1234", jar, StringComparison.Ordinal);
        Assert.Contains("old\tfile", jar, StringComparison.Ordinal);
    }

    [Fact]
    public void A_jar_is_made_where_none_is()
    {
        using (ChainHarness chain = CurlChain.Open(_server.Url, ("cookiejar", _folder.File("jar"))))
            chain.ReadBytes(0, 1);
        Assert.Contains("session\t1234", File.ReadAllText(_folder.File("jar")), StringComparison.Ordinal);
    }

    private string[] Cookies => [.. _server.Requests.Select(request => request.Header("Cookie") ?? "")];

    private static string Sorted(string cookie) => string.Join(' ', cookie.Split("; ").Order());
}
