// What units learn of an encrypted connection, and TLS beside connections in loops. Not: what clients see
// (tests/Interop).

using NbdFast.Drivers;
using NbdFast.Testing;
using NbdFast.Transport;

namespace NbdFast.Core.Tests.Server;

public sealed class TlsTests
{
    [Theory]
    [InlineData(true, "CN=client.example.com,O=BigCo,C=US", "CN=ours")]
    [InlineData(false, null, null)]   // A name that nobody has checked is none.
    public void Units_know_who_showed_a_certificate_that_was_checked(bool verifies, string? name, string? issuer)
    {
        using TlsContext tls = TlsContext.OfCertificates(
            TlsCertificates.Find([TlsFiles.Of("bare"), TlsFiles.Of("server")])!, null, isRequired: true, verifies);
        ClientInfo client = Serve(tls, "client");
        Assert.True(client.IsTls);
        Assert.Equal(name, client.TlsDistinguishedName);
        Assert.Equal(issuer, client.TlsIssuerDistinguishedName);
    }

    [Fact]
    public void A_client_with_a_pre_shared_key_has_no_certificate()
    {
        using TlsContext tls = TlsContext.OfPreSharedKeys(TlsFiles.Of("keys.psk"), null, isRequired: true);
        ClientInfo client = Serve(tls, "keys.psk");
        Assert.True(client.IsTls);
        Assert.Null(client.TlsDistinguishedName);
    }

    [Fact]
    public void Encrypted_connections_are_served_beside_many_in_loops()
    {
        const int Others = 40;   // More than threads are meant for.
        using TlsContext tls = TlsContext.OfPreSharedKeys(TlsFiles.Of("keys.psk"), null, isRequired: false);
        using LocalServer server = LocalServer.Start(
            new FakePlugin(), options: options => options with { Tls = tls, Io = IoChoice.Auto });
        RawClient[] plain = new RawClient[Others], encrypted = new RawClient[Others];
        for (int i = 0; i < Others; i++)
        {
            plain[i] = server.Open();
            encrypted[i] = Open(server, "keys.psk");
        }

        byte[] data = new byte[4096];
        for (int round = 0; round < 3; round++)
            for (int i = 0; i < Others; i++)
            {
                data[0] = (byte)(i + round);
                Assert.Equal(0U, encrypted[i].Write(0, data).Error);
                Assert.Equal(data, plain[i].Read(0, data.Length).Data);
                data[0]++;
                Assert.Equal(0U, plain[i].Write(0, data).Error);
                Assert.Equal(data, encrypted[i].Read(0, data.Length).Data);
            }

        for (int i = 0; i < Others; i++)
        {
            plain[i].Dispose();
            encrypted[i].Dispose();
        }
    }

    private static ClientInfo Serve(TlsContext tls, string credentials)
    {
        ClientInfo? seen = null;
        FakeFilter filter = new("capture", Operations.None) { Renaming = request => seen = request.Client };
        using LocalServer server = LocalServer.Start(
            new FakePlugin(), [filter], options => options with { Tls = tls });
        using RawClient client = Open(server, credentials);
        Assert.Equal(new byte[16], client.Read(0, 16).Data);
        return seen!;
    }

    private static RawClient Open(LocalServer server, string credentials)
    {
        RawClient client = server.Connect();
        client.Greet();
        client.StartTls(TlsFiles.Of(credentials));
        client.Go();
        return client;
    }
}
