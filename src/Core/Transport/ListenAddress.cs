// Where the server is to listen, as the command line says it. Not: the bound socket (Listener).

namespace NbdFast.Transport;

/// <summary>Restricts the resolution of names, and the wildcard, to one family (<c>-4</c>, <c>-6</c>).</summary>
internal enum AddressFamilyChoice
{
    Any,
    IPv4,
    IPv6,
}

/// <summary>An address to listen on.</summary>
internal abstract record ListenAddress
{
    /// <summary>A Unix domain socket at an absolute path of at most 107 bytes.</summary>
    internal sealed record Unix(string Path) : ListenAddress;

    /// <summary>TCP.</summary>
    /// <param name="Host">A name or number, or null for all interfaces (<c>-i</c>).</param>
    /// <param name="Service">A port number or service name; "0" for any free port (<c>-p</c>).</param>
    /// <param name="Family">Restricts name resolution.</param>
    internal sealed record Tcp(string? Host, string Service, AddressFamilyChoice Family) : ListenAddress;

    /// <summary>A vsock port of this machine, for virtual machines (<c>--vsock</c>).</summary>
    /// <param name="Port">The port, or <see cref="Native.SocketAddress.AnyVsockPort"/>.</param>
    internal sealed record Vsock(uint Port) : ListenAddress;

    /// <summary>A socket that whoever started the server has bound and made listen (socket activation).</summary>
    /// <param name="Descriptor">The socket. The listener closes it.</param>
    internal sealed record Inherited(int Descriptor) : ListenAddress;
}
