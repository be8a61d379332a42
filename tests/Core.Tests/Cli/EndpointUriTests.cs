// How the server's URI is written. Not: connecting to it.

using NbdFast.Cli;
using Xunit;

namespace NbdFast.Core.Tests.Cli;

public sealed class EndpointUriTests
{
    [Theory]
    [InlineData("/tmp/socket", "", "nbd+unix://?socket=/tmp/socket")]
    [InlineData("/tmp/socket", "foo", "nbd+unix:///foo?socket=/tmp/socket")]
    [InlineData("/tmp/sp ace&?.sock", "", "nbd+unix://?socket=/tmp/sp%20ace%26%3F.sock")]
    [InlineData("/s", "a b/c&d?é%+~-_.:@!$", "nbd+unix:///a%20b/c%26d%3F%C3%A9%25%2B~-_.%3A%40%21%24?socket=/s")]
    [InlineData("/s", "it's", "nbd+unix:///it%27s?socket=/s")]
    [InlineData("/s", "#\"\n", "nbd+unix:///%23%22%0A?socket=/s")]
    public void A_Unix_socket_has_a_URI(string path, string exportName, string uri) =>
        Assert.Equal(uri, EndpointUri.ForUnix(path, exportName));

    [Theory]
    [InlineData(null, false, 10809, "", "nbd://localhost:10809")]
    [InlineData(null, false, 1, "a b", "nbd://localhost:1/a%20b")]
    [InlineData(null, true, 1, "", "nbd://[::1]:1")]
    [InlineData("127.0.0.1", false, 1, "", "nbd://127.0.0.1:1")]
    [InlineData("0.0.0.0", false, 1, "", "nbd://localhost:1")]
    [InlineData("::", false, 1, "", "nbd://[::1]:1")]
    [InlineData("::1", false, 1, "x", "nbd://[::1]:1/x")]
    [InlineData("fe80::1%eth0", false, 1, "", "nbd://[fe80::1%25eth0]:1")]
    [InlineData("host.example", true, 65535, "", "nbd://host.example:65535")]
    public void A_TCP_port_has_a_URI(string? host, bool isIPv6, int port, string exportName, string uri) =>
        Assert.Equal(uri, EndpointUri.ForTcp(host, isIPv6, port, exportName));
}
