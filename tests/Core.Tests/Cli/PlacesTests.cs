// From options to addresses, and from bound addresses to what clients are told. Not: binding (Transport).

using System;
using System.Linq;
using NbdFast.Cli;
using NbdFast.Native;
using NbdFast.Transport;
using Xunit;

namespace NbdFast.Core.Tests.Cli;

public sealed class PlacesTests
{
    private static readonly byte[] Tcp4 = [2, 0, 0x2a, 0x39, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    private static readonly byte[] Tcp6 = [10, 0, 0x2a, 0x39, .. new byte[24]];

    [Theory]
    [InlineData("null", "Tcp { Host = , Service = 10809, Family = Any }")]
    [InlineData("-p 1 -i ::1 -6 null", "Tcp { Host = ::1, Service = 1, Family = IPv6 }")]
    [InlineData("-U /s null", "Unix { Path = /s }")]
    [InlineData("-U /s -p 1 null", "Unix { Path = /s }|Tcp { Host = , Service = 1, Family = Any }")]
    [InlineData("--vsock null", "Vsock { Port = 10809 }")]
    [InlineData("--vsock -p 4000000000 null", "Vsock { Port = 4000000000 }")]
    [InlineData("--vsock -p 0 null", "Vsock { Port = 4294967295 }")]
    [InlineData("-s null", "")]
    public void A_line_says_where_to_listen(string line, string addresses)
    {
        using Places places = new(Parse(line));
        Assert.Equal(addresses, string.Join('|', places.Choose()));
    }

    [Fact]
    public void Sockets_that_are_there_come_instead_of_all_others()
    {
        Options options = Parse("null");
        options.ActivationSockets = [3, 4];
        using Places places = new(options);
        Assert.Equal([new ListenAddress.Inherited(3), new ListenAddress.Inherited(4)], places.Choose());
    }

    [Theory]
    [InlineData("--vsock -p x null", "port: could not parse number: \"x\"")]
    [InlineData("--vsock -p 4294967296 null", "port: could not parse number: \"4294967296\": Numerical result")]
    public void A_vsock_port_is_a_number_of_32_bits(string line, string message)
    {
        using Places places = new(Parse(line));
        Assert.StartsWith(
            message, Assert.Throws<ConfigException>(() => places.Choose()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_families_of_a_port_are_one_place()
    {
        using Places places = new(Parse("-e x null"));
        Endpoint endpoint = places.Describe([Tcp4, Tcp6]);
        Assert.Equal(["nbd://localhost:10809/x"], endpoint.Uris);
        Assert.Equal(10809U, endpoint.Port);
        Assert.Null(endpoint.SocketPath);
    }

    [Fact]
    public void A_Unix_socket_is_told_before_a_port()
    {
        using Places places = new(Parse("-U /s -p 1 null"));
        Endpoint endpoint = places.Describe([SocketAddress.OfUnix("/s"), Tcp4, Tcp6]);
        Assert.Equal(["nbd+unix://?socket=/s", "nbd://localhost:10809"], endpoint.Uris);
        Assert.Equal((10809U, "/s"), (endpoint.Port, endpoint.SocketPath));
    }

    [Fact]
    public void Every_socket_that_was_there_is_told()
    {
        Options options = Parse("null");
        options.ActivationSockets = [3, 4, 5, 6];
        using Places places = new(options);
        byte[][] bound = [Tcp6, SocketAddress.OfUnix("/s"), SocketAddress.OfVsock(7), Tcp4];
        Assert.Equal(
            ["nbd://[::1]:10809", "nbd+unix://?socket=/s", "nbd+vsock://1:7", "nbd://localhost:10809"],
            places.Describe(bound).Uris);
    }

    private static Options Parse(string line) => CommandLine.Parse(line.Split(' ').ToArray());
}
