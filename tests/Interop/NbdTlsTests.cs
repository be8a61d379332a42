// Exports of other servers over TLS. Not: TLS towards our own clients (TlsClientTests).

using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class NbdTlsTests
{
    private const string ByCertificate = "--tls=require --tls-certificates=$tls/server";
    private const string ByKey = "--tls=require --tls-psk=$tls/keys.psk";

    [Theory]
    [InlineData("nbdkit", ByCertificate + " --tls-verify-peer", "socket=s tls=require tls-certificates=$tls/client")]
    [InlineData("nbdfast", ByCertificate + " --tls-verify-peer", "socket=s tls-certificates=$tls/client")]
    [InlineData("nbdkit", ByCertificate, "nbds+unix:///?socket=$PWD/s tls-certificates=$tls/bare")]
    [InlineData("nbdfast", ByCertificate,
        "'nbds+unix:///?tls-hostname=localhost&socket='$PWD/s tls-certificates=$tls/bare")]
    [InlineData("nbdkit", ByCertificate, "socket=s tls-verify=false tls-certificates=$tls/stranger")]
    [InlineData("nbdkit", ByKey, "socket=s tls=require tls-psk=$tls/keys.psk tls-username=alice")]
    [InlineData("nbdfast", ByKey, "\"nbds+unix://bob@/?socket=$PWD/s&tls-psk-file=$tls/keys.psk\"")]
    [InlineData("nbdkit", "", "socket=s tls=on tls-certificates=$tls/client")]
    public void Data_goes_both_ways_unharmed(string program, string server, string client) => Through(
        program, server, client,
        "head -c 20M /dev/urandom >noise && nbdcopy noise $uri && nbdcopy $uri back && cmp noise back").Succeeded();

    [Theory]
    [InlineData(ByCertificate, "socket=s", "the server requires TLS")]
    [InlineData(ByCertificate, "socket=s tls=off tls-certificates=$tls/bare", "the server requires TLS")]
    [InlineData(ByCertificate, "socket=s tls=require tls-certificates=$tls/stranger", "issuer is unknown")]
    [InlineData(ByCertificate,
        "'nbds+unix:///?tls-hostname=other.example&socket='$PWD/s tls-certificates=$tls/bare",
        "does not match the expected")]
    [InlineData(ByKey, "socket=s tls-psk=$tls/wrong.psk tls-username=alice", "gnutls_handshake: ")]
    [InlineData("", "socket=s tls=require tls-certificates=$tls/bare", "does not support TLS, which is required")]
    [InlineData(ByCertificate + " --tls-verify-peer", "socket=s tls-certificates=$tls/bare", "the server closed")]
    public void Who_does_not_trust_or_is_not_trusted_gets_nothing(string server, string client, string reason)
    {
        CommandResult result = Through("nbdfast", server, client + " shared=true", "echo served");
        Assert.NotEqual("served", result.Output);
        result.Failed(1, reason);
    }

    private static CommandResult Through(string program, string server, string client, string use)
    {
        Requires.Tools("nbdkit", "nbdcopy");
        using TempFolder folder = new();
        return ShellCommand.Run($$"""
            tls={{TlsFiles.Folder}}
            cat >use <<'USE'
            {{use}}
            USE
            {{program}} -f -U s {{server}} memory 20M 2>log & server=$!
            for i in $(seq 200); do [ -S s ] && break; sleep 0.05; done
            nbdfast -U - nbd {{client}} --run 'uri="$uri" bash ./use'
            result=$?
            kill $server; wait $server
            exit $result
            """, folder: folder.Path);
    }
}
