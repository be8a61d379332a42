// Listening sockets, without a server. Not: serving (Server/BindingTests).

using System.Linq;
using System.Net;
using System.Net.Sockets;
using NbdFast.Testing;
using NbdFast.Transport;

namespace NbdFast.Core.Tests.Transport;

public sealed class ListenerTests
{
    [SkippableFact]
    public void Ipv6_is_bound_alone()
    {
        Skip.IfNot(Socket.OSSupportsIPv6, "no IPv6 here");
        using Listener listener = new();
        listener.Add(new ListenAddress.Tcp("::1", "0", AddressFamilyChoice.IPv6));
        int port = Assert.Single(listener.Ports);
        using Socket client = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(new IPEndPoint(IPAddress.IPv6Loopback, port));
        Assert.True(client.Connected);
    }

    [Theory]
    [InlineData("::1", "0", AddressFamilyChoice.IPv4)]
    [InlineData("127.0.0.1", "0", AddressFamilyChoice.IPv6)]
    [InlineData("no.such.host.invalid", "0", AddressFamilyChoice.Any)]
    [InlineData("127.0.0.1", "no-such-service", AddressFamilyChoice.Any)]
    [InlineData("127.0.0.1", "-1", AddressFamilyChoice.Any)]
    [InlineData("127.0.0.1", "65536", AddressFamilyChoice.Any)]
    [InlineData("127.0.0.1", "99999", AddressFamilyChoice.Any)]
    internal void What_cannot_be_resolved_is_a_configuration_error(
        string host, string service, AddressFamilyChoice family)
    {
        using Listener listener = new();
        ConfigException error = Assert.Throws<ConfigException>(
            () => listener.Add(new ListenAddress.Tcp(host, service, family)));
        Assert.Contains($"{host}:{service}", error.Message, System.StringComparison.Ordinal);
        Assert.Empty(listener.Descriptors);
    }

    [Theory]
    [InlineData(107, true)]
    [InlineData(108, false)]
    public void The_path_of_a_socket_has_at_most_107_bytes(int length, bool allowed)
    {
        using TempFolder folder = new();
        string path = folder.File(new string('s', length - folder.Path.Length - 1));
        Assert.Equal(length, path.Length);
        using Listener listener = new();
        if (allowed)
        {
            listener.Add(new ListenAddress.Unix(path));
            using RawClient client = RawClient.ConnectUnix(path);
        }
        else
        {
            ConfigException error = Assert.Throws<ConfigException>(() => listener.Add(new ListenAddress.Unix(path)));
            Assert.Contains("path too long", error.Message, System.StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_length_of_a_path_is_counted_in_bytes()
    {
        using TempFolder folder = new();
        string path = folder.File(new string('ü', 60));
        Assert.True(path.Length < 107);
        using Listener listener = new();
        Assert.Throws<ConfigException>(() => listener.Add(new ListenAddress.Unix(path)));
    }

    [Fact]
    public void A_socket_that_exists_is_a_configuration_error()
    {
        using TempFolder folder = new();
        using Listener first = new();
        first.Add(new ListenAddress.Unix(folder.File("s")));
        using Listener second = new();
        ConfigException error = Assert.Throws<ConfigException>(
            () => second.Add(new ListenAddress.Unix(folder.File("s"))));
        Assert.Contains("Address already in use", error.Message, System.StringComparison.Ordinal);
        Assert.Empty(second.Descriptors);
    }

    [Fact]
    public void Nobody_can_connect_after_the_end()
    {
        Listener listener = new();
        listener.Add(new ListenAddress.Tcp("127.0.0.1", "0", AddressFamilyChoice.Any));
        int port = listener.Ports.Single();
        listener.Dispose();
        Assert.Throws<SocketException>(() => RawClient.ConnectTcp(port));
    }
}
