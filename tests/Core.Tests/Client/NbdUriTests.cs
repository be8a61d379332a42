// URIs of exports, right ones and wrong ones. Not: connecting.

using System;
using NbdFast.Client;

namespace NbdFast.Core.Tests.Client;

public sealed class NbdUriTests
{
    [Theory]
    [InlineData("nbd://example.com", "example.com:10809", "")]
    [InlineData("nbd://example.com/", "example.com:10809", "")]
    [InlineData("nbd://example.com/disk", "example.com:10809", "disk")]
    [InlineData("nbd://example.com//disk", "example.com:10809", "/disk")]
    [InlineData("nbd://example.com/a/b", "example.com:10809", "a/b")]
    [InlineData("nbd://example.com:1/hello%20world", "example.com:1", "hello world")]
    [InlineData("nbd://example.com/a+b%C3%A4", "example.com:10809", "a+bä")]
    [InlineData("nbd://[::1]:5/x", "[::1]:5", "x")]
    [InlineData("nbd://[::1]", "[::1]:10809", "")]
    [InlineData("nbd://[fe80::1%25eth0]", "[fe80::1%eth0]:10809", "")]
    [InlineData("nbd://127.0.0.1:", "127.0.0.1:10809", "")]
    [InlineData("nbd:///", "localhost:10809", "")]
    [InlineData("NBD://h/X", "h:10809", "X")]
    [InlineData("nbds://alice@h/x", "h:10809", "x")]
    [InlineData("nbd+unix:///?socket=/tmp/s", "unix:/tmp/s", "")]
    [InlineData("nbd+unix:///disk?socket=/tmp/a%20b", "unix:/tmp/a b", "disk")]
    [InlineData("nbd+unix:///disk?x-y=z&socket=/s", "unix:/s", "disk")]
    [InlineData("nbd+unix:///?socket=%00/abstract", "unix:@/abstract", "")]
    [InlineData("nbds+unix:///?socket=/s&tls-verify-peer=0", "unix:/s", "")]
    [InlineData("nbd+vsock://2:99/x", "vsock:2:99", "x")]
    [InlineData("nbd+vsock://1/", "vsock:1:10809", "")]
    [InlineData("nbd+vsock:///", "vsock:2:10809", "")]
    public void Right_ones_name_a_server_and_an_export(string text, string address, string export)
    {
        NbdUri uri = NbdUri.Parse(text);
        Assert.Equal(address, uri.Address.ToString());
        Assert.Equal(export, uri.ExportName);
        Assert.Equal(text.StartsWith("nbds", StringComparison.Ordinal), uri.RequiresTls);
    }

    [Fact]
    public void What_concerns_TLS_is_taken_along()
    {
        NbdUri uri = NbdUri.Parse(
            "nbds+unix://al%69ce@/?socket=/s&tls-psk-file=/k&tls-certificates=/c&tls-hostname=h&tls-type=psk"
            + "&tls-priority=NORMAL&tls-verify-peer=false");
        Assert.Equal("alice", uri.UserName);
        Assert.Equal("/k", uri.TlsKeyFile);
        Assert.Equal("/c", uri.TlsCertificates);
        Assert.Equal("h", uri.TlsHostName);
        Assert.Equal("NORMAL", uri.TlsPriority);
        Assert.False(uri.TlsVerifiesPeer);
    }

    [Theory]
    [InlineData("", "it does not begin with a scheme")]
    [InlineData("/a/path", "it does not begin with a scheme")]
    [InlineData("://host", "it does not begin with a scheme")]
    [InlineData("http://host/", "unknown NBD URI scheme: http")]
    [InlineData("nbd+ssh://host/", "unknown NBD URI scheme: nbd+ssh")]
    [InlineData("nbd+unix:///", "the parameter 'socket' is missing")]
    [InlineData("nbd+unix:///?socket=", "the parameter 'socket' is missing")]
    [InlineData("nbd://host/?socket=/s", "'socket' goes with nbd+unix or nbds+unix only")]
    [InlineData("nbd+vsock://2/?socket=/s", "'socket' goes with nbd+unix or nbds+unix only")]
    [InlineData("nbd+vsock://host/", "'host' is no CID")]
    [InlineData("nbd://host:70000/", "'70000' is no port")]
    [InlineData("nbd://host:x/", "'x' is no port")]
    [InlineData("nbd://[::1/", "']' is missing")]
    [InlineData("nbd://[::1]x/", "only a port may follow on ']'")]
    [InlineData("nbd://host/a%2", "'%' must be followed by two hexadecimal digits")]
    [InlineData("nbd://host/a%zz", "'%' must be followed by two hexadecimal digits")]
    [InlineData("nbd://host/a%ff", "what it encodes with '%' is not UTF-8")]
    [InlineData("nbd+unix:///?socket=/%ff", "what it encodes with '%' is not UTF-8")]
    [InlineData("nbd://host/a%+1", "'%' must be followed by two hexadecimal digits")]
    [InlineData("nbd://host/a%00b", "the export name has a NUL character")]
    [InlineData("nbd+unix:///?socket=/a%00b", "the path of the socket has a NUL character")]
    [InlineData("nbd://host/#part", "a fragment ('#') means nothing here")]
    [InlineData("nbd://host/?foo=bar", "unknown parameter 'foo'")]
    [InlineData("nbd://host/?tls-type=anon", "tls-type=anon is not served")]
    [InlineData("nbd://host/?tls-verify-peer=perhaps", "could not decipher boolean (perhaps)")]
    public void Wrong_ones_are_refused_with_a_reason(string text, string reason) =>
        Assert.Contains(
            reason, Assert.Throws<ConfigException>(() => NbdUri.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_path_that_no_socket_can_have_is_refused() => Assert.Contains(
        "more than 107 bytes",
        Assert.Throws<ConfigException>(() => NbdUri.Parse("nbd+unix:///?socket=/" + new string('x', 107))).Message,
        StringComparison.Ordinal);
}
