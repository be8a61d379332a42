// The same URLs and parameters given to both programs. Not: what 1.32 does not have yet, or does wrong
// (docs/parity.md).

using System;
using NbdFast.Testing;

namespace NbdFast.Parity;

public sealed class CurlParityTests : IDisposable
{
    private readonly NginxServer _web = new("head -c 3M /dev/urandom >disk; head -c 1000001 disk >odd; : >empty");

    public void Dispose() => _web.Dispose();

    [Theory]
    [InlineData("curl HTTP/disk")]
    [InlineData("curl url=HTTP/disk")]
    [InlineData("-r curl HTTP/disk")]
    [InlineData("-r curl HTTP/odd")]
    [InlineData("-r curl HTTPS/disk sslverify=false")]
    [InlineData("-r curl HTTPS/disk cainfo=OURS")]
    [InlineData("-r curl HTTP/private/disk user=alice password=secret")]
    [InlineData("-r curl http://alice:secret@127.0.0.1:PORT/private/disk")]
    [InlineData("-r curl http://x/disk unix-socket-path=SOCKET")]
    [InlineData("-r curl http://x/disk unix_socket_path=SOCKET")]
    [InlineData("-r curl HTTP/moved/disk")]
    [InlineData("-r curl HTTP/login/disk cookiefile=")]
    [InlineData("-r curl HTTP/login/disk cookiejar=jar")]
    [InlineData("-r curl HTTP/members/disk cookie='a=b; session=1234'")]
    [InlineData("-r curl HTTP/members/disk cookie-script='echo session=1234'")]
    [InlineData("-r curl HTTP/token/disk header='X-Token: 7' header='Accept:'")]
    [InlineData("-r curl HTTP/token/disk header-script='echo X-Token: $iteration; echo \"A: $url\"'")]
    [InlineData("-r curl HTTP/disk timeout=30 tcp-keepalive=true tcp-nodelay=false user-agent=me protocols=http")]
    [InlineData("-r curl file://$PWD/disk")]
    public void A_disk_looks_the_same(string server) =>
        Twins.RunAlike($"-U - {Filled(server)} --run '. ./probe'").Nbdkit.Succeeded();

    [Theory]
    [InlineData("HTTP/noranges/disk", "server does not support 'range' (byte range) requests")]
    [InlineData("HTTP/nothing", "problem doing HEAD request to fetch size of URL [HTTP/nothing]: ")]
    [InlineData("HTTP/private/disk", "The requested URL returned error: 401")]
    [InlineData("HTTP/login/disk", "The requested URL returned error: 403")]
    [InlineData("HTTPS/disk", "problem doing HEAD request to fetch size of URL [HTTPS/disk]: ")]
    [InlineData("HTTPS/disk protocols=http", "Unsupported protocol: Protocol \"https\" not supported or disabled")]
    [InlineData("HTTP/disk proxy=xyz://a", "Unsupported proxy scheme for 'xyz://a'")]
    [InlineData("HTTP/disk header-script='exit 1'", "header-script failed")]
    [InlineData("HTTP/disk cookie-script='exit 1'", "cookie-script failed")]
    [InlineData("xyz://a", "Unsupported protocol: Protocol \"xyz\" not supported or disabled in libcurl")]
    [InlineData("url=", "URL using bad/illegal format or missing URL")]
    [InlineData("file:///nonexistent", "Couldn't read a file:// file: Couldn't open file /nonexistent")]
    [InlineData("file:///tmp", "could not get length of remote file [file:///tmp], is the URL correct?")]
    public void A_disk_is_refused_the_same(string url, string gist)
    {
        (CommandResult nbdkit, CommandResult nbdfast) = Twins.Run($"-U - curl {Filled(url)} --run 'nbdinfo \"$uri\"'");
        Assert.Equal(nbdkit.ExitCode, nbdfast.ExitCode);
        nbdkit.Failed(nbdkit.ExitCode, Filled(gist));
        nbdfast.Failed(nbdkit.ExitCode, Filled(gist));
    }

    [Theory]
    [InlineData("header=a header-script=b", "header and header-script cannot be used at the same time")]
    [InlineData("cookie=a cookie-script=b", "cookie and cookie-script cannot be used at the same time")]
    [InlineData("header-script-renew=1", "header-script-renew cannot be used without header-script")]
    [InlineData("cookie-script-renew=1", "cookie-script-renew cannot be used without cookie-script")]
    [InlineData("protocols=", "protocols: empty list of protocols is not allowed")]
    [InlineData("protocols=http,foo", "protocols: protocol name not found: foo")]
    [InlineData("timeout=-1", "timeout: negative numbers are not allowed")]
    [InlineData("timeout=99999999999", "could not parse number: \"99999999999\": Numerical result out of range")]
    [InlineData("sslverify=maybe", "could not decipher boolean (maybe)")]
    [InlineData("followlocation=", "could not decipher boolean ()")]
    [InlineData("password=+/nonexistent", "open /nonexistent: No such file or directory")]
    [InlineData("nothing=1", "unknown parameter 'nothing'")]
    public void A_parameter_is_refused_the_same(string parameter, string gist)
    {
        (CommandResult nbdkit, CommandResult nbdfast) = Twins.Run($"-U - curl http://127.0.0.1:1/ {parameter}");
        nbdkit.Failed(1, gist);
        nbdfast.Failed(1, gist);
    }

    private string Filled(string text) => text
        .Replace("HTTPS/", _web.SecureUrl(""), StringComparison.Ordinal)
        .Replace("HTTP/", _web.Url(""), StringComparison.Ordinal)
        .Replace("PORT", $"{_web.Port}", StringComparison.Ordinal)
        .Replace("SOCKET", _web.SocketPath, StringComparison.Ordinal)
        .Replace("OURS", TlsFiles.Of("server/ca-cert.pem"), StringComparison.Ordinal);
}
