// STARTTLS byte by byte, with clients that do what no good client does. Not: good clients (TlsClientTests), many
// clients at once (TlsLoadTests).

using System;
using System.IO;
using System.Linq;
using NbdFast.Testing;
using static NbdFast.Interop.TlsServer;

namespace NbdFast.Interop;

public sealed class TlsProtocolTests
{
    [Theory]
    [InlineData(NbdWire.OptList)]
    [InlineData(NbdWire.OptInfo)]
    [InlineData(NbdWire.OptGo)]
    [InlineData(NbdWire.OptStructuredReply)]
    [InlineData(NbdWire.OptListMetaContext)]
    [InlineData(NbdWire.OptSetMetaContext)]
    [InlineData(NbdWire.OptExtendedHeaders)]
    [InlineData(12345)]
    public void Every_option_but_two_needs_TLS_where_it_is_required(uint option)
    {
        using ServerProcess server = Start("-v " + Keys);
        using RawClient client = Greeted(server);
        Assert.Equal(NbdWire.ReplyTlsRequired, client.Option(option, [1, 2, 3]).Single().Type);
        Assert.Equal(NbdWire.ReplyTlsRequired, client.Option(option, new byte[100_000]).Single().Type);
        client.StartTls(TlsFiles.Of("keys.psk"));
        Assert.NotEqual(NbdWire.ReplyTlsRequired, client.Option(option, [1, 2, 3])[^1].Type);
        client.Go();
        server.AssertSays("handshake complete, processing");
        int tls = server.Errors.IndexOf("using TLS on this connection", StringComparison.Ordinal);
        Assert.InRange(server.Errors.IndexOf("memory: open readonly", StringComparison.Ordinal), tls, int.MaxValue);
    }

    [Fact]
    public void Abort_needs_no_TLS()
    {
        using ServerProcess server = Start(Keys);
        using RawClient client = Greeted(server);
        Assert.Equal(NbdWire.ReplyAck, client.Option(NbdWire.OptAbort, []).Single().Type);
        Assert.Empty(client.ReceiveToEnd());
    }

    [Fact]
    public void The_old_way_to_choose_an_export_ends_the_connection_where_TLS_is_required()
    {
        using ServerProcess server = Start("-v " + Keys);
        using RawClient client = Greeted(server);
        client.SendOption(NbdWire.OptExportName, []);
        Assert.Empty(client.ReceiveToEnd());
        Assert.DoesNotContain("memory: open", server.Errors);
    }

    [Fact]
    public void TLS_begins_once()
    {
        using ServerProcess server = Start(Keys);
        using RawClient client = Greeted(server);
        Assert.Equal(NbdWire.ReplyInvalid, client.Option(NbdWire.OptStartTls, [1]).Single().Type);
        client.StartTls(TlsFiles.Of("keys.psk"));
        Assert.Equal(NbdWire.ReplyInvalid, client.Option(NbdWire.OptStartTls, []).Single().Type);
        client.Go();
    }

    [Fact]
    public void What_was_negotiated_before_TLS_is_forgotten()
    {
        using ServerProcess server = Start("--tls=on --tls-psk=$tls/keys.psk ");
        using RawClient client = Greeted(server);
        client.Negotiate(ReplyMode.Structured);
        client.SetContexts("", "base:allocation");
        Assert.Single(client.Contexts);
        client.StartTls(TlsFiles.Of("keys.psk"));
        // A context would need structured replies, which were asked for in plain.
        Message query = new Message().LengthAndText("").U32(1).LengthAndText("base:allocation");
        Assert.Equal(NbdWire.ReplyInvalid, client.Option(NbdWire.OptSetMetaContext, query.Bytes).Single().Type);
        client.Mode = ReplyMode.Simple;
        client.Go();
        Assert.Equal(new byte[512], client.Read(0, 512).Data);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Options_that_somebody_put_behind_STARTTLS_in_plain_are_never_acted_upon(bool inOnePiece)
    {
        using ServerProcess server = Start("-v --tls=on --tls-psk=$tls/keys.psk ");
        using RawClient client = Greeted(server);
        Message startTls = new Message().U64(NbdWire.OptionMagic).U32(NbdWire.OptStartTls).U32(0);
        Message go = new Message().U64(NbdWire.OptionMagic).U32(NbdWire.OptGo).U32(6).U32(0).U16(0);
        if (inOnePiece)
        {
            client.Send(startTls.Raw(go.Bytes));
        }
        else
        {
            client.Send(startTls);
            client.Send(go);
        }

        Assert.Equal(NbdWire.ReplyAck, client.ReceiveOptionReply().Type);
        AssertOnlyAlerts(client.ReceiveToEnd());
        server.AssertSays("error: gnutls_handshake: ");
        Assert.DoesNotContain("memory: open", server.Errors);
    }

    [Theory]
    [InlineData("keys.psk", "NORMAL:-VERS-ALL:+VERS-TLS1.2:+ECDHE-PSK:+DHE-PSK:+PSK")]
    [InlineData("keys.psk", "NORMAL:-VERS-ALL:+VERS-TLS1.3:+ECDHE-PSK:+DHE-PSK")]
    public void A_handshake_can_be_cut_at_every_byte(string keys, string priority)
    {
        using ServerProcess server = Start(Keys);
        (int Sent, int Received) whole = Cut(server, keys, priority, int.MaxValue, int.MaxValue, out bool isDone);
        Assert.True(isDone);
        int descriptors = Descriptors(server);
        for (int sent = 1; sent < whole.Sent; sent++)
            Cut(server, keys, priority, sent, int.MaxValue, out _);
        for (int received = 1; received < whole.Received; received++)
            Cut(server, keys, priority, int.MaxValue, received, out _);
        Cut(server, keys, priority, int.MaxValue, int.MaxValue, out isDone);
        Assert.True(isDone);
        AssertSoon(() => Descriptors(server) <= descriptors, "descriptors of connections that have gone are open");
        AssertIdle(server);
    }

    [Fact]
    public void A_client_that_crawls_or_says_nothing_is_dropped_in_time()
    {
        using ServerProcess server = Start("--timeout=1 " + Keys);
        using RawClient crawling = Greeted(server), silent = Greeted(server);
        foreach (RawClient client in new[] { crawling, silent })
            Assert.Equal(NbdWire.ReplyAck, client.Option(NbdWire.OptStartTls, []).Single().Type);
        // The beginning of a handshake, a byte now and then.
        byte[] hello = [22, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3];
        for (int i = 0; !crawling.HasBytes(50); i++)
            crawling.Send([hello[Math.Min(i, hello.Length - 1)]]);
        AssertOnlyAlerts(crawling.ReceiveToEnd());
        AssertOnlyAlerts(silent.ReceiveToEnd());
        server.AssertSays("did not negotiate in time");
    }

    [Fact]
    public void Garbage_in_the_place_of_records_ends_the_connection()
    {
        using ServerProcess server = Start(Keys);
        byte[] garbage = new byte[4096];
        for (int seed = 0; seed < 50; seed++)
        {
            new Random(seed).NextBytes(garbage);
            using RawClient client = Greeted(server);
            client.Option(NbdWire.OptStartTls, []);
            client.Send(garbage);
            client.EndSending();
            AssertOnlyAlerts(client.ReceiveToEnd());
        }

        server.RunTls($"nbdinfo --size \"{KeyUri}\"");
    }

    [Fact]
    public void Renegotiation_is_refused()
    {
        using ServerProcess server = Start(Certificates);
        using RawClient client = Greeted(server);
        client.StartTls(priority: "NORMAL:-VERS-ALL:+VERS-TLS1.2");
        client.Go();
        Assert.Equal(new byte[512], client.Read(0, 512).Data);
        Assert.False(client.Renegotiate());
        server.AssertSays("error: gnutls_record_recv: ");
        server.RunTls($"nbdinfo --size \"{CertificateUri}\"");
    }

    [Fact]
    public void Versions_before_1_2_are_refused_unless_they_are_asked_for()
    {
        const string Old = "NORMAL:-VERS-ALL:+VERS-TLS1.1:+VERS-TLS1.0";
        using (ServerProcess server = Start(Certificates))
        using (RawClient client = Greeted(server))
            Assert.Throws<IOException>(() => client.StartTls(priority: Old));
        using (ServerProcess server = Start("--tls-priority=NORMAL " + Certificates))
        using (RawClient client = Greeted(server))
        {
            client.StartTls(priority: Old);
            client.Go();
        }
    }

    [Fact]
    public void A_certificate_that_another_authority_issued_is_refused_whoever_shows_it()
    {
        using ServerProcess server = Start("--tls-verify-peer " + Certificates);
        using RawClient client = Greeted(server);
        // With TLS 1.3 the client hears of it later.
        Assert.ThrowsAny<IOException>(() =>
        {
            client.StartTls(TlsFiles.Of("stranger"));
            client.Go();
        });
        server.AssertSays("issuer is unknown");
    }

    [Fact]
    public void Units_are_told_of_TLS_and_the_log_of_the_client()
    {
        using ServerProcess server = Start("-v -D nbdkit.tls.session=1 --filter=log --tls-verify-peer " + Certificates,
            "memory 1M logfile=log");
        server.RunTls($"nbdinfo --size \"{CertificateUri}\"");
        server.AssertSays("TLS: subject `CN=client.example.com,O=BigCo,C=US', issuer `CN=ours'");
        Assert.Contains(" tls=1 ", File.ReadAllText(Path.Combine(server.Folder, "log")));
    }

    [Fact]
    public void The_library_tells_what_it_does_if_asked()
    {
        using ServerProcess server = Start("-v -D nbdkit.tls.log=5 " + Keys);
        server.RunTls($"nbdinfo --size \"{KeyUri}\"");
        server.AssertSays("debug: gnutls: 5: ");
    }

    private static RawClient Greeted(ServerProcess server)
    {
        RawClient client = RawClient.Connect(server);
        client.Greet();
        return client;
    }

    private static (int Sent, int Received) Cut(
        ServerProcess server, string keys, string priority, int sent, int received, out bool isDone)
    {
        using RawClient client = Greeted(server);
        Assert.Equal(NbdWire.ReplyAck, client.Option(NbdWire.OptStartTls, []).Single().Type);
        client.CutAfter(sent, received);
        isDone = false;
        try
        {
            client.ShakeHands(TlsFiles.Of(keys), priority);
            client.Go();
            isDone = true;
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            Assert.True(sent < int.MaxValue || received < int.MaxValue, error.Message);
        }

        return client.Passed;
    }

    private static int Descriptors(ServerProcess server) =>
        Directory.GetFileSystemEntries($"/proc/{server.ProcessId}/fd").Length;

    // Nobody spins for a client that has gone: within some time in which nothing is asked no processor time goes by.
    private static void AssertIdle(ServerProcess server) => AssertSoon(
        () =>
        {
            long before = Ticks(server);
            System.Threading.Thread.Sleep(200);
            return Ticks(server) == before;
        },
        "the server does something although nobody is there");

    private static long Ticks(ServerProcess server)
    {
        string[] fields = File.ReadAllText($"/proc/{server.ProcessId}/stat").Split(") ")[^1].Split(' ');
        return long.Parse(fields[11]) + long.Parse(fields[12]);
    }

    private static void AssertSoon(Func<bool> condition, string otherwise) =>
        Assert.True(System.Threading.SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(30)), otherwise);

    // Records of TLS that say why; nothing of NBD in plain.
    private static void AssertOnlyAlerts(byte[] bytes)
    {
        const byte Alert = 21;
        for (int at = 0; at < bytes.Length; at += 5 + (bytes[at + 3] << 8) + bytes[at + 4])
            Assert.Equal(Alert, bytes[at]);
    }
}
