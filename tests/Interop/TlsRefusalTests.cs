// Clients that TLS turns away, and starts that it ends. Not: what the protocol says to them (TlsProtocolTests).

using NbdFast.Testing;
using static NbdFast.Interop.TlsServer;

namespace NbdFast.Interop;

public sealed class TlsRefusalTests
{
    public TlsRefusalTests() => Requires.Tools("nbdinfo");

    [Theory]
    [InlineData("bare", "server", "Certificate is required|certificate")]
    [InlineData("stranger", "server", "Certificate is required|certificate")]
    [InlineData("expired", "server", "expired certificate|certificate")]
    [InlineData("revoked", "revoking", "revoked|certificate")]
    public void A_client_that_cannot_prove_itself_is_refused(string client, string folder, string reasons)
    {
        // nbdkit 1.32 tells less of the reason.
        string reason = reasons.Split('|')[NativeBinary.IsNbdkit ? 1 : 0];
        using ServerProcess server = Start($"--tls=require --tls-verify-peer --tls-certificates=$tls/{folder} ");
        CommandResult result = server.TryTls($"nbdinfo \"{UriOf(client)}&tls-verify-peer=0\"");
        Assert.NotEqual(0, result.ExitCode);
        server.AssertSays("error: gnutls_handshake: ");
        server.AssertSays(reason);
        Assert.Contains("with TLS", server.RunTls($"nbdinfo \"{UriOf("client")}\""));
    }

    [Theory]
    [InlineData("bare")]
    [InlineData("stranger")]
    [InlineData("expired")]
    [InlineData("revoked")]
    public void Nobody_is_asked_for_a_certificate_unless_the_server_is_told_to(string client)
    {
        using ServerProcess server = Start("--tls=require --tls-certificates=$tls/revoking ");
        server.RunTls($"nbdinfo \"{UriOf(client)}&tls-verify-peer=0\"");
    }

    [Theory]
    [InlineData("stranger", "server")]
    [InlineData("client", "stale")]
    public void A_client_that_does_not_trust_the_server_goes(string client, string folder)
    {
        using ServerProcess server = StartTcp($"--tls=require --tls-certificates=$tls/{folder} ");
        const string Uri = "nbds://localhost:$port?tls-certificates=$tls/";
        Assert.NotEqual(0, server.TryTls($"nbdinfo \"{Uri}{client}\"").ExitCode);
        using RawClient trusting = RawClient.Connect(server);
        trusting.Greet();
        trusting.StartTls();
        trusting.Go();
    }

    [Theory]
    [InlineData("alice", "wrong.psk")]
    [InlineData("mallory", "wrong.psk")]
    public void A_key_that_the_server_does_not_have_is_refused(string user, string file)
    {
        using ServerProcess server = Start(Keys);
        string uri = $"nbds+unix://{user}@/?socket=$unixsocket&tls-psk-file=$tls/{file}";
        CommandResult result = server.TryTls($"nbdinfo \"{uri}\"");
        Assert.NotEqual(0, result.ExitCode);
        server.AssertSays("error: gnutls_handshake: ");
        server.RunTls($"nbdinfo \"{KeyUri}\"");
    }

    [Fact]
    public void A_user_added_later_is_let_in()
    {
        Requires.Tools("psktool");
        using ServerProcess server = ServerProcess.Start(
            "--tls=require --tls-psk=own.psk memory 1M", before: "psktool -u carol -p own.psk");
        const string Dave = "nbds+unix://dave@/?socket=$unixsocket&tls-psk-file=own.psk";
        server.Run($"psktool -u dave -p own.psk && nbdinfo \"{Dave}\"");
    }

    [Theory]
    [InlineData("nbdinfo --size $uri", "requires TLS")]
    [InlineData("qemu-img info $uri", "TLS")]
    public void A_client_without_TLS_is_told_that_it_is_required(string client, string says)
    {
        Requires.Tools("qemu-img");
        using ServerProcess server = Start(Keys);
        CommandResult result = server.TryTls(client);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(says, result.Errors);
    }

    [Theory]
    [InlineData("--tls=off --tls-certificates=$tls/server ")]
    [InlineData("--tls=off --tls-psk=$tls/keys.psk ")]
    [InlineData("")]
    public void A_client_that_wants_TLS_is_told_that_there_is_none(string options)
    {
        using ServerProcess server = Start(options);
        CommandResult result = server.TryTls($"nbdinfo --size \"{UriOf("client")}\"");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("server refused TLS", result.Errors);
        server.RunTls("nbdinfo $uri");
    }

    [Theory]
    [InlineData("--tls=require --tls-certificates=/nonexistent", "--tls=require but could not load TLS certificates")]
    [InlineData("--tls=require --tls-certificates=$tls/client", "--tls=require but could not load TLS certificates")]
    [InlineData("--tls-certificates=$tls/damaged", "GnuTLS error: loading server certificate and key (")]
    [InlineData("--tls=on --tls-certificates=$tls/damaged", "server-cert.pem")]
    [InlineData("--tls-psk=/nonexistent", "/nonexistent: No such file or directory")]
    [InlineData("-o --tls=require --tls-certificates=$tls/server", "cannot use oldstyle protocol (-o) and require TLS")]
    public void A_start_that_cannot_give_what_was_asked_for_fails(string options, string says)
    {
        CommandResult result = ShellCommand.Run(With($"nbdfast -U - {options} null --run 'echo started'"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(says, result.Errors);
        Assert.Equal("", result.Output);
    }

    [Theory]
    [InlineData("--tls=on --tls-certificates=/nonexistent", true)]
    [InlineData("--tls=off --tls-certificates=/nonexistent", false)]
    [InlineData("--tls-verify-peer", false)]
    public void Without_certificates_there_is_no_TLS_and_a_warning_if_it_was_asked_for(string options, bool warns)
    {
        CommandResult result = ShellCommand.Run(
            $"HOME=/nonexistent nbdfast -U - {options} null --run 'echo ${{tls-none}}'");
        Assert.Equal("none", result.Succeeded());
        Assert.Equal(warns, result.Errors.Contains("TLS will be disabled and TLS connections will be rejected"));
    }

    [Fact]
    public void A_priority_that_makes_no_sense_fails_the_start()
    {
        CommandResult result = ShellCommand.Run(
            With("nbdfast -U - --tls-psk=$tls/keys.psk --tls-priority=NORMAL:+NOSUCH null --run 'echo started'"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("failed to set TLS session priority to NORMAL:+NOSUCH", result.Errors);
        Assert.Contains("'+NOSUCH", result.Errors);
    }

    [Fact]
    public void A_missing_library_is_an_error_only_where_TLS_is_wanted()
    {
        using TempFolder folder = new();
        System.IO.File.WriteAllText(folder.File("libgnutls.so.30"), "");
        string nbdfast = $"LD_LIBRARY_PATH={folder.Path} nbdfast -U - ";
        CommandResult result = ShellCommand.Run(With(
            nbdfast + "--tls=on --tls-psk=$tls/keys.psk null --run 'echo started'"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("TLS needs the library libgnutls.so.30", result.Errors);
        ShellCommand.Run(With(nbdfast + "--tls=off --tls-psk=$tls/keys.psk null --run true")).Succeeded();
        ShellCommand.Run(nbdfast + "null --run true").Succeeded();
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("--tls=off --tls-psk=$tls/keys.psk", false)]
    [InlineData("--tls-psk=$tls/keys.psk", true)]
    public void The_library_is_loaded_only_where_TLS_is_wanted(string options, bool isLoaded)
    {
        using ServerProcess server = Start(options + " ");
        Assert.Equal(isLoaded, server.Run("cat /proc/$server/maps").Contains("libgnutls"));
    }
}
