// TLS with the clients that people have: libnbd's tools and qemu's. Not: who is turned away (TlsRefusalTests), the
// protocol byte by byte (TlsProtocolTests).

using NbdFast.Testing;
using static NbdFast.Interop.TlsServer;

namespace NbdFast.Interop;

public sealed class TlsClientTests
{
    private const long Size = 24 << 20;

    public TlsClientTests() => Requires.Tools("nbdinfo", "nbdcopy", "nbdsh", "qemu-img");

    public static TheoryData<string, string> Credentials => new()
    {
        { Certificates, CertificateUri },
        { Keys, KeyUri },
    };

    public static TheoryData<string, string, string> CredentialsAndVersions => new()
    {
        { Certificates, CertificateUri, "1.2" },
        { Certificates, CertificateUri, "1.3" },
        { Keys, KeyUri, "1.2" },
        { Keys, KeyUri, "1.3" },
    };

    [Theory]
    [MemberData(nameof(CredentialsAndVersions))]
    public void Either_version_of_TLS_can_be_had_with_either_credentials(string options, string uri, string version)
    {
        using ServerProcess server = Start(
            $"-v -D nbdkit.tls.session=1 --tls-priority=NORMAL:-VERS-ALL:+VERS-TLS{version} {options}");
        Assert.Contains("protocol: newstyle-fixed with TLS", server.RunTls($"nbdinfo \"{uri}\""));
        server.AssertSays($"TLS session: (TLS{version})");
    }

    [Theory]
    [MemberData(nameof(Credentials))]
    public void What_nbdcopy_brings_it_takes_away_again(string options, string uri)
    {
        using ServerProcess server = Start(options);
        TempDisk.CreateRandom(server.Folder + "/in", Size);
        server.RunTls($"nbdcopy -C 4 -R 64 in \"{uri}\" && nbdcopy -C 4 -R 64 \"{uri}\" out && cmp in out");
    }

    [Theory]
    [InlineData("--io=epoll")]
    [InlineData("--io=uring")]
    [InlineData("-D nbdkit.mayblock=1")]
    [InlineData("--io=epoll -D nbdkit.mayblock=1")]
    public void Copies_are_right_whatever_serves_the_connections_beside_them(string options)
    {
        using ServerProcess server = Start($"{options} --tls=on --tls-certificates=$tls/server ");
        TempDisk.CreateRandom(server.Folder + "/in", Size);
        server.RunTls($"nbdcopy in $uri && for i in 1 2 3; do nbdcopy \"{CertificateUri}\" $i & "
            + "nbdcopy $uri p$i & done; wait; for i in 1 2 3; do cmp in $i && cmp in p$i || exit 1; done");
    }

    [Theory]
    [InlineData("NORMAL:-CIPHER-ALL:+CHACHA20-POLY1305")]
    [InlineData("NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+AES-256-CBC")]
    public void Other_ciphers_serve_as_well(string priority)
    {
        using ServerProcess server = Start($"--tls-priority={priority} {Certificates}");
        TempDisk.CreateRandom(server.Folder + "/in", Size);
        server.RunTls($"nbdcopy in \"{CertificateUri}\" && nbdcopy \"{CertificateUri}\" out && cmp in out");
    }

    [Theory]
    [MemberData(nameof(Credentials))]
    public void Requests_of_any_size_are_served(string options, string uri)
    {
        using ServerProcess server = Start(options);
        server.RunTls($"""
            nbdsh -c '
            import os
            h.set_uri_allow_local_file(True)
            h.connect_uri(os.path.expandvars("{uri}"))
            assert h.get_tls_negotiated()
            for size in (1, 2, 511, 4096, 16383, 16384, 16385, 65536, 1 << 20, 8 << 20):
                data = os.urandom(size)
                h.pwrite(data, 12345)
                assert h.pread(size, 12345) == data, size
            h.zero(1 << 20, 0)
            h.flush()
            h.trim(4096, 0)
            '
            """);
    }

    [Fact]
    public void Many_requests_at_once_of_mixed_sizes_get_their_own_data()
    {
        using ServerProcess server = Start(Keys);
        server.RunTls($"""
            nbdsh -c '
            import nbd, os, random
            h.set_uri_allow_local_file(True)
            h.connect_uri(os.path.expandvars("{KeyUri}"))
            r = random.Random(1)
            size = 16 << 20
            disk = r.randbytes(size)
            for at in range(0, size, 1 << 20):
                h.pwrite(disk[at:at + (1 << 20)], at)
            under_way = []
            for i in range(3000):
                count = r.choice((1, 512, 4096, 4096, 20000, 70000, 300000))
                at = r.randrange(size - count)
                buffer = nbd.Buffer(count)
                under_way.append((h.aio_pread(buffer, at), buffer, at, count))
                while len(under_way) > 60:
                    cookie, buffer, at, count = under_way.pop(0)
                    while not h.aio_command_completed(cookie):
                        h.poll(-1)
                    assert bytes(buffer.to_bytearray()) == disk[at:at + count]
            '
            """);
    }

    [Fact]
    public void Qemu_img_copies_with_certificates()
    {
        using ServerProcess server = Start(Certificates);
        TempDisk.CreateRandom(server.Folder + "/in", Size);
        server.RunTls(Qemu("tls-creds-x509,id=tls0,dir=$tls/client,endpoint=client", "localhost"));
    }

    [Fact]
    public void Qemu_img_copies_with_a_pre_shared_key()
    {
        using ServerProcess server = Start(Keys);
        TempDisk.CreateRandom(server.Folder + "/in", Size);
        server.RunTls("mkdir keys && cp $tls/keys.psk keys/ && "
            + Qemu("tls-creds-psk,id=tls0,dir=keys,username=alice,endpoint=client", null));
    }

    [Theory]
    [InlineData("localhost", "localhost")]
    [InlineData("second.example", "second.example")]
    [InlineData("third.example", "localhost")]
    public void The_server_shows_the_certificate_of_the_name_that_it_is_asked_for(string asked, string shown)
    {
        using ServerProcess server = Start("--tls=require --tls-certificates=$tls/two ");
        using RawClient client = RawClient.Connect(server);
        client.Greet();
        client.StartTls(serverName: asked);
        Assert.Contains(shown, client.ServerCertificate);
    }

    [Fact]
    public void A_name_is_checked_over_TCP()
    {
        using ServerProcess server = StartTcp(Certificates);
        server.RunTls("nbdinfo --size \"nbds://localhost:$port?tls-certificates=$tls/client\"");
        server.RunTls("nbdinfo --size \"nbds://127.0.0.1:$port?tls-certificates=$tls/client\"");
    }

    [Fact]
    public void With_on_clients_may_do_without()
    {
        using ServerProcess server = Start("--tls=on --tls-certificates=$tls/server ");
        Assert.Contains("without TLS", server.RunTls("nbdinfo $uri"));
        Assert.Contains("with TLS", server.RunTls($"nbdinfo \"{CertificateUri}\""));
    }

    [Fact]
    public void Credentials_turn_TLS_on_where_nothing_is_said()
    {
        foreach ((string options, string uri) in new[]
            { ("--tls-certificates=$tls/server ", CertificateUri), ("--tls-psk=$tls/keys.psk ", KeyUri) })
        {
            using ServerProcess server = Start(options);
            server.RunTls($"nbdinfo --size $uri && nbdinfo --size \"{uri}\"");
        }
    }

    [Fact]
    public void A_single_connection_on_standard_input_can_be_encrypted() => ShellCommand.Run(With("""
        nbdsh -c '
        h.set_tls(nbd.TLS_REQUIRE)
        h.set_tls_psk_file("$tls/keys.psk")
        h.set_tls_username("alice")
        h.connect_command(["nbdfast", "-s", "--tls=require", "--tls-psk=$tls/keys.psk", "memory", "1M"])
        h.pwrite(b"x" * 100000, 0)
        assert h.pread(100000, 0) == b"x" * 100000
        h.shutdown()
        '
        """)).Succeeded();

    private const string QemuServer =
        "file.driver=nbd,file.server.type=unix,file.server.path=$unixsocket,file.tls-creds=tls0";

    private static string Qemu(string credentials, string? name)
    {
        string image = $"driver=raw,{QemuServer}" + (name == null ? "" : $",file.tls-hostname={name}");
        return $"qemu-img convert --object {credentials} -n -f raw in --target-image-opts {image} && "
            + $"qemu-img convert --object {credentials} --image-opts {image} -O raw out && cmp in out";
    }
}
