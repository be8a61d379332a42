// What the parameters of the curl plugin make of requests. Not: parameters that are wrong (CurlParameterTests), scripts
// (CurlScriptTests), cookies of servers (CurlCookieTests).

using System;
using System.Linq;
using System.Threading;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class CurlRequestTests
{
    private static readonly byte[] Content = CurlChain.Noise(10_000);

    [Theory]
    [InlineData("user-agent", "nbd", "User-Agent", "nbd")]
    [InlineData("header", "X-My-Name: John Doe", "X-My-Name", "John Doe")]
    [InlineData("header", "X-Empty;", "X-Empty", "")]
    [InlineData("header", "Accept:", "Accept", null)]
    [InlineData("cookie", "a=1; b=2", "Cookie", "a=1; b=2")]
    [InlineData("user", "alice", "Authorization", "Basic YWxpY2U6")]
    public void A_parameter_is_a_header(string key, string value, string header, string? expected)
    {
        using WebServer server = new(Content);
        using ChainHarness chain = CurlChain.Open(server.Url, (key, value));
        chain.ReadBytes(0, 1);
        Assert.All(server.Requests, request => Assert.Equal(expected, request.Header(header)));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public void There_is_no_user_agent_unless_one_is_given()
    {
        using WebServer server = new(Content);
        using ChainHarness chain = CurlChain.Open(server.Url);
        Assert.Null(server.Requests.Single().Header("User-Agent"));
    }

    [Fact]
    public void Headers_may_be_several_and_go_with_writes_too()
    {
        byte[] content = [.. Content];
        using WebServer server = new(request => CurlDataTests.Answer(request, content));
        using ChainHarness chain = CurlChain.Open(server.Url, ("header", "A: 1"), ("header", "B: 2"));
        Assert.Equal(Errno.Ok, chain.Next.Write(new byte[1], 0, RequestFlags.None));
        chain.ReadBytes(0, 1);
        Assert.Equal(["HEAD", "PUT", "GET"], server.Requests.Select(request => request.Method));
        Assert.All(server.Requests, request => Assert.Equal("1 2", request.Header("A") + " " + request.Header("B")));
        Assert.Null(server.Requests[^1].Header("Content-Range"));
    }

    [Theory]
    [InlineData("password", "secret")]
    [InlineData("password", "+FILE")]
    public void A_password_goes_with_the_user(string key, string value)
    {
        using TempFolder folder = new();
        System.IO.File.WriteAllText(folder.File("secret"), "secret\n");
        using WebServer server = new(Content);
        using ChainHarness chain = CurlChain.Open(
            server.Url, ("user", "alice"),
            (key, value.Replace("FILE", folder.File("secret"), StringComparison.Ordinal)));
        string expected = "Basic " + Convert.ToBase64String("alice:secret"u8);
        Assert.Equal(expected, server.Requests.Single().Header("Authorization"));
    }

    [Fact]
    public void A_redirect_is_followed_unless_that_is_switched_off()
    {
        using WebServer server = new(request => request.Path == "/disk"
            ? WebResponse.Empty(302, ("Location", "/elsewhere"))
            : WebResponse.Of(request, Content));
        using (ChainHarness chain = CurlChain.Open(server.Url))
            Assert.Equal(Content[10..20], chain.ReadBytes(10, 10));
        Assert.Contains(
            "the server answered with status 302", CurlChain.Refused(server.Url, ("followlocation", "false")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Protocols_that_are_not_allowed_are_refused_in_the_url_and_in_redirects()
    {
        using TempFolder folder = new();
        System.IO.File.WriteAllBytes(folder.File("disk"), Content);
        using WebServer server = new(_ => WebResponse.Empty(302, ("Location", $"file://{folder.File("disk")}")));
        foreach (string protocols in (string[])["http", "ftp,https"])
            Assert.Contains(
                "not supported", CurlChain.Refused(server.Url, ("protocols", protocols)), StringComparison.Ordinal);
        using ChainHarness chain = CurlChain.Open($"file://{folder.File("disk")}", ("protocols", "http,file"));
        Assert.Equal((ulong)Content.Length, chain.Info.Size);
    }

    [Fact]
    public void A_proxy_is_asked_for_the_whole_url()
    {
        using WebServer proxy = new(Content);
        using ChainHarness chain = CurlChain.Open(
            "http://nowhere.example/disk", ("proxy", $"http://127.0.0.1:{proxy.Port}"), ("proxy-user", "bob"),
            ("proxy-password", "secret"));
        Assert.Equal(Content[..10], chain.ReadBytes(0, 10));
        Assert.All(proxy.Requests, request => Assert.Equal("http://nowhere.example/disk", request.Path));
        string expected = "Basic " + Convert.ToBase64String("bob:secret"u8);
        Assert.All(proxy.Requests, request => Assert.Equal(expected, request.Header("Proxy-Authorization")));
    }

    [Theory]
    [InlineData("unix-socket-path")]
    [InlineData("unix_socket_path")]
    public void A_unix_socket_stands_for_the_server(string key)
    {
        using TempFolder folder = new();
        using WebServer server = new(request => WebResponse.Of(request, Content), folder.File("s"));
        using ChainHarness chain = CurlChain.Open("http://nowhere.example/disk", (key, folder.File("s")));
        Assert.Equal(Content[..10], chain.ReadBytes(0, 10));
        Assert.Equal("nowhere.example", server.Requests[0].Header("Host"));
    }

    [Fact]
    public void A_name_can_be_given_an_address()
    {
        using WebServer server = new(Content);
        using ChainHarness chain = CurlChain.Open(
            $"http://nowhere.example:{server.Port}/disk", ("resolve", "else.example:1:127.0.0.9"),
            ("resolve", $"nowhere.example:{server.Port}:127.0.0.1"));
        Assert.Equal(Content[..10], chain.ReadBytes(0, 10));
    }

    [Fact]
    public void Addresses_of_the_other_kind_are_left_out()
    {
        using WebServer server = new(Content);
        (string, string) resolve = ("resolve", $"nowhere.example:{server.Port}:127.0.0.1");
        string url = $"http://nowhere.example:{server.Port}/disk";
        CurlChain.Open(url, resolve, ("ipresolve", "v4")).Dispose();
        CurlChain.Open(url, resolve, ("ipresolve", "any")).Dispose();
        CurlChain.Refused(url, resolve, ("ipresolve", "v6"));
    }

    [Theory]
    [InlineData("1.0", "HTTP/1.0")]
    [InlineData("1.1", "HTTP/1.1")]
    [InlineData("none", "HTTP/1.1")]
    [InlineData("2TLS", "HTTP/1.1")]
    public void The_version_of_http_can_be_chosen(string version, string expected)
    {
        using WebServer server = new(request => WebResponse.Of(request, Content) with
        {
            Closes = request.Version == "HTTP/1.0",
        });
        using ChainHarness chain = CurlChain.Open(server.Url, ("http-version", version));
        chain.ReadBytes(0, 1);
        Assert.All(server.Requests, request => Assert.Equal(expected, request.Version));
    }

    [Theory]
    [InlineData("tcp-keepalive", "true")]
    [InlineData("tcp-nodelay", "false")]
    [InlineData("timeout", "0")]
    [InlineData("timeout", "100")]
    [InlineData("cainfo", "")]
    [InlineData("capath", "/etc/ssl/certs")]
    [InlineData("proxy-cainfo", "")]
    [InlineData("proxy-capath", "/etc/ssl/certs")]
    [InlineData("sslverify", "false")]
    [InlineData("ssl-version", "tlsv1.2")]
    [InlineData("ssl-version", "max-tlsv1.3")]
    [InlineData("ssl-cipher-list", "DEFAULT")]
    [InlineData("tls13-ciphers", "TLS_AES_128_GCM_SHA256")]
    public void Settings_that_a_plain_server_does_not_see_do_no_harm(string key, string value)
    {
        using WebServer server = new(Content);
        using ChainHarness chain = CurlChain.Open(server.Url, (key, value));
        Assert.Equal(Content[5..9], chain.ReadBytes(5, 4));
    }

    [Fact]
    public void A_connection_is_kept_and_used_again()
    {
        using WebServer server = new(Content);
        using ChainHarness chain = CurlChain.Open(server.Url, ("readahead", "0"));
        for (int i = 0; i < 100; i++)
            Assert.Equal(Content[i], chain.ReadBytes((ulong)i, 1)[0]);
        Assert.Equal(100, server.Gets.Count);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public void There_are_no_more_connections_than_allowed()
    {
        using Barrier both = new(2);
        using WebServer server = new(request =>
        {
            if (request.Method == "GET")
                both.SignalAndWait();   // Passes only if two requests are served at once.
            return WebResponse.Of(request, Content);
        });
        using ChainHarness chain = CurlChain.Open(server.Url, ("connections", "2"), ("readahead", "0"));
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(i =>
            new Thread(() => Assert.Equal(Content[i * 1000], chain.ReadBytes((ulong)i * 1000, 1)[0])))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.Equal(8, server.Gets.Count);
        Assert.Equal(2, server.Connections);
    }
}
