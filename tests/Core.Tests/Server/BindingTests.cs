// Addresses of a server. Not: the listening sockets by themselves (Transport/ListenerTests).

using System.Collections.Generic;
using System.Linq;
using NbdFast.Testing;
using NbdFast.Transport;

namespace NbdFast.Core.Tests.Server;

public sealed class BindingTests
{
    [Theory]
    [InlineData("127.0.0.1", AddressFamilyChoice.Any)]
    [InlineData("127.0.0.1", AddressFamilyChoice.IPv4)]
    [InlineData("localhost", AddressFamilyChoice.IPv4)]
    [InlineData(null, AddressFamilyChoice.IPv4)]
    [InlineData(null, AddressFamilyChoice.Any)]
    internal void A_free_port_is_chosen_and_told(string? host, AddressFamilyChoice family)
    {
        using LocalServer server = Start(new ListenAddress.Tcp(host, "0", family));
        Assert.All(server.Ports, port => Assert.InRange(port, 1, 65535));
        using RawClient client = RawClient.Open(RawClient.ConnectTcp(server.Ports[0]), ReplyMode.Structured);
        Assert.Equal(0U, client.Write(0, "over tcp"u8).Error);
        Assert.Equal("over tcp"u8.ToArray(), client.Read(0, 8).Data);
    }

    [Fact]
    public void Both_families_get_the_same_port()
    {
        using LocalServer server = Start(new ListenAddress.Tcp(null, "0", AddressFamilyChoice.Any));
        Assert.Single(server.Ports.Distinct());
    }

    [Fact]
    public void Several_addresses_are_served_at_once()
    {
        using TempFolder folder = new();
        using LocalServer server = Start(
            new ListenAddress.Unix(folder.File("a")),
            new ListenAddress.Unix(folder.File("b")),
            new ListenAddress.Tcp("127.0.0.1", "0", AddressFamilyChoice.Any));
        using RawClient a = RawClient.Open(RawClient.ConnectUnix(folder.File("a")));
        using RawClient b = RawClient.Open(RawClient.ConnectUnix(folder.File("b")));
        using RawClient tcp = RawClient.Open(RawClient.ConnectTcp(server.Ports.Single()));
        Assert.Equal(0U, a.Write(0, "one disk"u8).Error);
        Assert.Equal("one disk"u8.ToArray(), b.Read(0, 8).Data);
        Assert.Equal("one disk"u8.ToArray(), tcp.Read(0, 8).Data);
    }

    [Fact]
    public void An_address_in_use_is_a_configuration_error()
    {
        using LocalServer first = Start(new ListenAddress.Tcp("127.0.0.1", "0", AddressFamilyChoice.Any));
        string port = $"{first.Ports[0]}";
        ConfigException error = Assert.Throws<ConfigException>(
            () => Start(new ListenAddress.Tcp("127.0.0.1", port, AddressFamilyChoice.Any)));
        Assert.Contains("Address already in use", error.Message, System.StringComparison.Ordinal);
        Assert.Contains(port, error.Message, System.StringComparison.Ordinal);
    }

    private static LocalServer Start(params IReadOnlyList<ListenAddress> addresses) =>
        LocalServer.Start(new FakePlugin(), options: options => options with { Addresses = addresses });
}
