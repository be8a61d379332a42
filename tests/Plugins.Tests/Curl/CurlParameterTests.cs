// Parameters of the curl plugin that are refused. Not: what right ones do (CurlRequestTests).

using System;
using NbdFast.Plugins.Curl;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class CurlParameterTests
{
    private const string Url = "http://127.0.0.1:1/";

    [Fact]
    public void A_url_must_be_given() => Assert.Contains(
        "you must specify url=<URL> on the command line",
        Assert.Throws<ConfigException>(() => ChainHarness.Start(new CurlPlugin(), [])).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_bare_argument_is_the_url() => Assert.Equal("url", new CurlPlugin().Table.MagicKey);

    [Theory]
    [InlineData("connections", "0", "connections must be at least 1")]
    [InlineData("connections", "x", "connections: could not parse number")]
    [InlineData("timeout", "abc", "timeout: could not parse number")]
    [InlineData("timeout", "-1", "timeout: negative numbers are not allowed")]
    [InlineData("timeout", "99999999999", "Numerical result out of range")]
    [InlineData("timeout", "4000000000", "timeout is too large")]
    [InlineData("protocols", "foo", "protocols: protocol name not found: foo")]
    [InlineData("protocols", "http,foo", "protocols: protocol name not found: foo")]
    [InlineData("protocols", "", "empty list of protocols is not allowed")]
    [InlineData("protocols", ",", "empty list of protocols is not allowed")]
    [InlineData("sslverify", "maybe", "could not decipher boolean (maybe)")]
    [InlineData("followlocation", "maybe", "could not decipher boolean (maybe)")]
    [InlineData("tcp-keepalive", "", "could not decipher boolean ()")]
    [InlineData("tcp-nodelay", "2", "could not decipher boolean (2)")]
    [InlineData("ssl-version", "foo", "unknown ssl-version: foo")]
    [InlineData("ssl-version", "sslv2", "ssl-version: curl_easy_setopt")]
    [InlineData("http-version", "2", "unknown http-version: 2")]
    [InlineData("ipresolve", "v5", "unknown ipresolve: v5")]
    [InlineData("password", "+/nonexistent", "open /nonexistent: No such file or directory")]
    [InlineData("proxy-password", "-0", "cannot use password -FD for stdin/stdout/stderr")]
    [InlineData("cookie", "+/nonexistent", "open /nonexistent: No such file or directory")]
    [InlineData("cookie-script-renew", "5", "cookie-script-renew cannot be used without cookie-script")]
    [InlineData("header-script-renew", "5", "header-script-renew cannot be used without header-script")]
    [InlineData("unix-socket-path", "", "cannot resolve a null or empty path")]
    [InlineData("readahead", "1", "readahead must be 0, or from 64K to 1G (1)")]
    [InlineData("readahead", "2G", "readahead must be 0, or from 64K to 1G")]
    [InlineData("a", "b", "unknown parameter 'a'")]
    public void A_value_that_makes_no_sense_is_refused(string key, string value, string gist) =>
        Refused(gist, (key, value));

    [Theory]
    [InlineData("header", "header-script")]
    [InlineData("cookie", "cookie-script")]
    public void What_is_fixed_and_what_a_script_makes_exclude_each_other(string one, string other) =>
        Refused($"{one} and {other} cannot be used at the same time", (one, "a"), (other, "b"));

    [Fact]
    public void A_second_cookie_is_refused() =>
        Refused("cookie can be used at most once", ("cookie", "a=1"), ("cookie", "b=2"));

    [Theory]
    [InlineData("http", 1)]
    [InlineData("https,FTP", 6)]
    [InlineData("file,,gopher", (1 << 10) | (1 << 25))]
    public void Protocols_have_bits_for_an_older_library(string names, long bits) =>
        Assert.Equal(bits, ProtocolList.Parse(names).ToBits());

    [Fact]
    public void A_protocol_without_a_bit_is_refused_for_an_older_library() =>
        Assert.Throws<ConfigException>(() => ProtocolList.Parse("http,wss").ToBits());

    private static void Refused(string gist, params (string Key, string Value)[] parameters) => Assert.Contains(
        gist,
        Assert.Throws<ConfigException>(
            () => ChainHarness.Start(new CurlPlugin(), [], [("url", Url), .. parameters])).Message,
        StringComparison.Ordinal);
}
