// Disks of the curl plugin on real servers, used by real clients. Not: servers that do wrong (Plugins.Tests).

using System;
using System.Linq;
using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class CurlDiskTests : IDisposable
{
    private readonly NginxServer _web = new("head -c 20M /dev/urandom >disk");

    private string Disk => $"{_web.Files}/disk";

    public void Dispose() => _web.Dispose();

    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    [InlineData("https-1.1")]
    [InlineData("unix")]
    [InlineData("file")]
    public void Copies_are_the_same_whatever_the_protocol(string protocol)
    {
        Requires.Tools("nbdcopy", "nbdinfo", "qemu-img");
        string secure = $"{_web.SecureUrl("disk")} cainfo={TlsFiles.Of("server/ca-cert.pem")}";
        string arguments = protocol switch
        {
            "http" => _web.Url("disk"),
            "https" => secure,
            "https-1.1" => $"{secure} http-version=1.1",
            "unix" => $"http://localhost/disk unix-socket-path={_web.SocketPath}",
            _ => $"file://{Disk}",
        };
        using ServerProcess server = ServerProcess.Start($"-r curl {arguments}");
        Assert.Equal("20971520", server.Run("nbdinfo --size $uri"));
        server.Run($"nbdcopy $uri copy && cmp copy {Disk}");
        server.Run($"qemu-img compare -f raw -F raw $uri {Disk}");
        server.Run($"qemu-img convert -n -f raw -O raw -W $uri copy && cmp copy {Disk}");
    }

    [Fact]
    public void Four_clients_at_once_read_what_is_there()
    {
        Requires.Tools("nbdsh", "nbdcopy");
        using ServerProcess server = ServerProcess.Start($"-r curl {_web.Url("disk")} connections=3");
        server.Run($$"""
            nbdcopy $uri copy1 & a=$!
            nbdcopy --requests=2 --connections=1 $uri copy2 & b=$!
            for i in 1 2; do
                nbdsh -u $uri -c "
            import random
            content = open('{{Disk}}', 'rb').read()
            chance = random.Random($i)
            for n in range(200):
                count = chance.randrange(1, 100000)
                offset = chance.randrange(0, len(content) - count)
                assert h.pread(count, offset) == content[offset:offset + count], (offset, count)
            h.shutdown()" & pids="$pids $!"
            done
            for pid in $a $b $pids; do wait $pid || exit 1; done
            cmp copy1 {{Disk}} && cmp copy2 {{Disk}}
            """);
    }

    [Fact]
    public void A_sequential_copy_needs_few_requests()
    {
        Requires.Tools("nbdcopy");
        using ServerProcess server = ServerProcess.Start($"-r curl {_web.Url("disk")}");
        int before = _web.Accesses.Length;
        server.Run($"nbdcopy --synchronous $uri copy && cmp copy {Disk}");
        Assert.InRange(_web.Accesses.Length - before, 2, 40);   // Requests of nbdcopy would be 80.
    }

    [Theory]
    [InlineData("", "SSL certificate problem")]
    [InlineData("cainfo=THEIRS", "SSL certificate problem")]
    [InlineData("cainfo=", "SSL certificate problem")]
    [InlineData("cainfo=/nonexistent", "error setting certificate")]
    [InlineData("cainfo=OURS resolve=other.example:PORT:127.0.0.1", "target host name")]
    [InlineData("cainfo=OURS ssl-version=max-tlsv1.1", "Couldn't")]
    public void A_certificate_that_is_not_good_is_refused(string parameters, string gist)
    {
        Requires.Tools("nbdinfo");
        string url = parameters.Contains("other.example", StringComparison.Ordinal)
            ? $"https://other.example:{_web.SecurePort}/disk"
            : _web.SecureUrl("disk");
        string filled = parameters.Replace("OURS", TlsFiles.Of("server/ca-cert.pem"), StringComparison.Ordinal)
            .Replace("THEIRS", TlsFiles.Of("stranger/ca-cert.pem"), StringComparison.Ordinal)
            .Replace("PORT", $"{_web.SecurePort}", StringComparison.Ordinal);
        CommandResult result = ShellCommand.Run($"nbdfast -U - -r curl {url} {filled} --run 'nbdinfo $uri'");
        Assert.NotEqual(0, result.ExitCode);
        if (gist != "Couldn't")
            Assert.Contains(gist, result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sslverify=false")]
    [InlineData("cainfo=OURS ssl-version=tlsv1.3 tls13-ciphers=TLS_AES_128_GCM_SHA256")]
    [InlineData("cainfo=OURS ssl-version=max-tlsv1.2 ssl-cipher-list=ECDHE-ECDSA-AES128-GCM-SHA256")]
    [InlineData("cainfo=OURS http-version=2TLS")]
    public void Tls_can_be_told_how(string parameters)
    {
        Requires.Tools("nbdinfo");
        string filled = parameters.Replace("OURS", TlsFiles.Of("server/ca-cert.pem"), StringComparison.Ordinal);
        Assert.Equal(
            "20971520",
            ShellCommand.Run($"nbdfast -U - -r curl {_web.SecureUrl("disk")} {filled} --run 'nbdinfo --size $uri'")
                .Succeeded());
        string version = parameters.Contains("2TLS", StringComparison.Ordinal) ? "HTTP/2.0" : "HTTP/";
        Assert.Contains(version, _web.Accesses[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_may_be_named_from_the_folder_in_which_the_server_was_started()
    {
        Requires.Tools("nbdinfo");
        CommandResult result = ShellCommand.Run($"""
            d=$(mktemp -d); trap 'rm -r $d' EXIT; cd $d; cp {TlsFiles.Of("server/ca-cert.pem")} ca.pem
            nbdfast -U $d/s -P $d/pid -r curl {_web.SecureUrl("disk")} cainfo=ca.pem
            nbdinfo --size "nbd+unix://?socket=$d/s"
            pid=$(cat $d/pid); kill $pid; while [ -d /proc/$pid ]; do sleep 0.05; done
            """);
        Assert.Equal("20971520", result.Succeeded());
    }

    [Theory]
    [InlineData("private/disk", "user=alice password=secret")]
    [InlineData("private/disk", "user=alice password=+password")]
    [InlineData("private/disk", "user=alice password=-9 9<password")]
    [InlineData("moved/disk", "")]
    [InlineData("moved/moved/moved/disk", "protocols=http")]
    [InlineData("login/disk", "cookiefile=")]
    [InlineData("members/disk", "cookie='session=1234'")]
    [InlineData("members/disk", "cookie-script='echo session=1234'")]
    [InlineData("token/disk", "header='X-Token: 5'")]
    [InlineData("token/disk", "header-script='echo X-Token: $iteration' header-script-renew=1")]
    public void Whoever_may_read_reads(string path, string parameters)
    {
        Requires.Tools("nbdcopy");
        using TempFolder folder = new();
        ShellCommand.Run(
            $"echo secret >password; nbdfast -U - -r curl {_web.Url(path)} {parameters} "
            + $"--run 'nbdcopy $uri copy' && cmp copy {Disk}",
            folder: folder.Path).Succeeded();
    }

    [Theory]
    [InlineData("private/disk", "", "401")]
    [InlineData("private/disk", "user=alice password=wrong", "401")]
    [InlineData("login/disk", "", "403")]
    [InlineData("token/disk", "header-script='echo X-Token: none'", "403")]
    [InlineData("nothing", "", "404")]
    [InlineData("noranges/disk", "", "server does not support 'range' (byte range) requests")]
    [InlineData("moved/disk", "followlocation=false", "302")]
    public void Whoever_may_not_read_is_told_so(string path, string parameters, string gist)
    {
        Requires.Tools("nbdinfo");
        CommandResult result =
            ShellCommand.Run($"nbdfast -U - -r curl {_web.Url(path)} {parameters} --run 'nbdinfo $uri'");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(gist, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_refuses_writes_costs_an_error_and_nothing_else()
    {
        Requires.Tools("nbdsh");
        using ServerProcess server = ServerProcess.Start($"curl {_web.Url("disk")}");
        Assert.Equal("EIO", server.Run("""
            nbdsh -u $uri -c "
            before = h.pread(512, 0)
            try: h.pwrite(b'x' * 512, 0)
            except nbd.Error as error: print(error.errno)
            assert h.pread(512, 0) == before
            h.shutdown()"
            """));
        Assert.Contains(_web.Accesses, line => line.Contains("\"PUT /disk", StringComparison.Ordinal));
    }

    [Fact]
    public void Debug_flags_tell_of_scripts_times_and_libcurl()
    {
        Requires.Tools("nbdinfo");
        string errors = ShellCommand.Run(
            "nbdfast -v -D curl.scripts=1 -D curl.times=1 -D curl.verbose=1 -D curl.verbose.ids=1 -U - -r "
            + $"curl {_web.Url("token/disk")} header-script='echo X-Token: 7' --run 'nbdinfo --size $uri'").Errors;
        string[] expected =
        [
            "debug: header-script: X-Token: 7", "debug: C: HEAD /token/disk HTTP/1.1", "debug: C: X-Token: 7",
            "debug: S: HTTP/1.1 200 OK", "debug: times (-D curl.times=1):", "debug: name resolution               :",
            "debug: redirection time              :",
        ];
        Assert.All(expected, line => Assert.Contains(line, errors, StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_library_is_one_line_that_names_its_package()
    {
        ShellCommand.Run("""
            d=$(mktemp -d); trap 'rm -r $d' EXIT; touch $d/libcurl.so.4 $d/libcurl-gnutls.so.4
            LD_LIBRARY_PATH=$d nbdfast -U - curl http://127.0.0.1:1/ --run true
            """).Failed(1, "libcurl.so.4 cannot be loaded: please install libcurl (Debian's package is libcurl4)");
        CommandResult dump = ShellCommand.Run("""
            d=$(mktemp -d); trap 'rm -r $d' EXIT; touch $d/libcurl.so.4 $d/libcurl-gnutls.so.4
            LD_LIBRARY_PATH=$d nbdfast --dump-plugin curl
            """);
        Assert.Contains("name=curl", dump.Succeeded(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_fields_of_dump_plugin_tell_of_the_library()
    {
        string[] lines = ShellCommand.Run("nbdfast --dump-plugin curl").Succeeded().Split('\n');
        Assert.Contains(lines, line => line.StartsWith("curl_version=", StringComparison.Ordinal));
        string protocols = lines.Single(line => line.StartsWith("curl_protocols=", StringComparison.Ordinal));
        string[] names = protocols.Split('=', ',');
        Assert.All((string[])["http", "https", "ftp", "file"], name => Assert.Contains(name, names));
    }
}
