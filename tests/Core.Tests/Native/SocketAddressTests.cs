// The bytes of addresses. Not: sockets with these addresses (Transport/ListenerTests).

using NbdFast.Native;

namespace NbdFast.Core.Tests.Native;

public sealed class SocketAddressTests
{
    // struct sockaddr_vm: family 40, 0, the port, the machine (-1 for any), 0; all in the machine's own order.
    private static readonly byte[] Vsock =
        [40, 0, 0, 0, 0x39, 0x2a, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0];

    [Fact]
    public void A_vsock_address_is_laid_out_as_the_kernel_has_it()
    {
        Assert.Equal(Vsock, SocketAddress.OfVsock(10809));
        Assert.Equal(10809U, SocketAddress.VsockPort(Vsock));
        Assert.Equal(Libc.AfVsock, SocketAddress.Family(Vsock));
        Assert.Equal("vsock:4294967295:10809", SocketAddress.Describe(Vsock));
    }

    [Fact]
    public void A_TCP_address_has_a_host_and_a_port()
    {
        byte[] address = [2, 0, 0x2a, 0x39, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
        Assert.Equal(("127.0.0.1", 10809), (SocketAddress.Host(address), SocketAddress.Port(address)));
        Assert.Equal("127.0.0.1:10809", SocketAddress.Describe(address));
    }

    [Theory]
    [InlineData("/run/x", "/run/x")]
    [InlineData("\0name", "@name")]
    [InlineData("", "")]
    [InlineData("\0", "")]
    public void A_Unix_address_has_a_path_or_a_name_or_nothing(string path, string shown) =>
        Assert.Equal(shown, SocketAddress.UnixPath([1, 0, .. System.Text.Encoding.UTF8.GetBytes(path)]));

    [Fact]
    public void The_end_mark_of_a_path_is_no_part_of_it() =>
        Assert.Equal("/run/x", SocketAddress.UnixPath(SocketAddress.OfUnix("/run/x")));

    [Fact]
    public void An_address_without_bytes_has_no_family() => Assert.Equal(0, SocketAddress.Family([]));
}
