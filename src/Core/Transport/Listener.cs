// The listening sockets. Not: what happens with accepted ones (Server).

using System;
using System.Collections.Generic;
using NbdFast.Native;

namespace NbdFast.Transport;

/// <summary>Sockets that are bound and listen.</summary>
internal sealed class Listener : IDisposable
{
    private const int Backlog = 4096;
    private const int SolSocket = 1;
    private const int SoReuseAddress = 2;
    private const int IpProtoIpv6 = 41;
    private const int Ipv6Only = 26;
    private const int FirstFreeVsockPort = 1024;
    private const int VsockTries = 100;

    private readonly List<int> _descriptors = [];
    private readonly List<int> _ports = [];
    private readonly List<byte[]> _addresses = [];

    /// <summary>The SELinux label of sockets that are made (<c>--selinux-label</c>), or null.</summary>
    public string? Label { get; init; }

    /// <summary>The sockets.</summary>
    public IReadOnlyList<int> Descriptors => _descriptors;

    /// <summary>Their own addresses, in the same order.</summary>
    public IReadOnlyList<byte[]> Addresses => _addresses;

    /// <summary>The TCP ports that were bound, in order.</summary>
    public IReadOnlyList<int> Ports => _ports;

    /// <summary>Binds an address.</summary>
    /// <exception cref="ConfigException">It cannot be bound.</exception>
    public void Add(ListenAddress address)
    {
        switch (address)
        {
            case ListenAddress.Unix unix: AddUnix(unix.Path); break;
            case ListenAddress.Tcp tcp: AddTcp(tcp); break;
            case ListenAddress.Vsock vsock: AddVsock(vsock.Port); break;
            case ListenAddress.Inherited inherited: AddListening(inherited.Descriptor); break;
            default: throw new InvalidOperationException($"no kind of address: {address}");
        }
    }

    /// <summary>Closes the sockets: whoever connects from now on is refused.</summary>
    public void Dispose()
    {
        foreach (int descriptor in _descriptors)
            Libc.Close(descriptor);
        _descriptors.Clear();
    }

    private void AddUnix(string path)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(path) > SocketAddress.MaximumPathBytes)
            throw new ConfigException(
                $"-U option: path too long: '{path}' has more than {SocketAddress.MaximumPathBytes} bytes");
        int descriptor = Open(Libc.AfUnix);
        Listen(descriptor, SocketAddress.OfUnix(path), path);
        Log.Debug($"bound to unix socket {path}");
    }

    private void AddVsock(uint port)
    {
        bool isAny = port == SocketAddress.AnyVsockPort;
        string shown = isAny ? "vsock port <any>" : $"vsock port {port}";
        int descriptor = Open(Libc.AfVsock);
        ListenBound(
            descriptor, isAny ? BindAnyVsock(descriptor) : Libc.Bind(descriptor, SocketAddress.OfVsock(port)), shown);
        Log.Debug($"bound to {shown}");
    }

    // The kernel would choose among all 32 bits, of which what reads URIs takes 31.
    private static Errno BindAnyVsock(int descriptor)
    {
        Errno errno = Errno.EADDRINUSE;
        for (int tries = 0; errno == Errno.EADDRINUSE && tries < VsockTries; tries++)
        {
            uint port = (uint)Random.Shared.Next(FirstFreeVsockPort, int.MaxValue);
            errno = Libc.Bind(descriptor, SocketAddress.OfVsock(port));
        }

        return errno;
    }

    private void AddTcp(ListenAddress.Tcp tcp)
    {
        int family = tcp.Family switch
        {
            AddressFamilyChoice.IPv4 => Libc.AfInet,
            AddressFamilyChoice.IPv6 => Libc.AfInet6,
            _ => 0,
        };
        string shown = $"{tcp.Host ?? "<any>"}:{tcp.Service}";
        // The resolver would cut the number to 16 bits.
        if (uint.TryParse(tcp.Service, out uint port) && port > ushort.MaxValue)
            throw new ConfigException($"{shown}: a port is a number from 0 to {ushort.MaxValue}");
        if (AddressResolver.Resolve(tcp.Host, tcp.Service, family, out var addresses) is { } problem)
            throw new ConfigException($"getaddrinfo: {shown}: {problem}");

        ConfigException? unavailable = null;
        int first = _descriptors.Count;
        foreach (AddressResolver.Resolved address in addresses)
            unavailable = TryAddTcp(address, shown) ?? unavailable;
        if (_descriptors.Count == first)
            throw unavailable ?? new ConfigException($"{shown}: no address to bind");
        Log.Debug($"bound to IP address {shown} ({_descriptors.Count - first} socket(s))");
    }

    // A family that the system does not have is no error as long as another one has been bound.
    private ConfigException? TryAddTcp(AddressResolver.Resolved address, string shown)
    {
        int descriptor = TryOpen(address.Family);
        if (descriptor < 0)
            return new ConfigException($"socket: {shown}: {((Errno)(-descriptor)).Text()}");
        Libc.SetSocketOption(descriptor, SolSocket, SoReuseAddress, 1);
        if (address.Family == Libc.AfInet6)
            Libc.SetSocketOption(descriptor, IpProtoIpv6, Ipv6Only, 1);

        byte[] wanted = (byte[])address.Bytes.Clone();
        bool anyPort = SocketAddress.Port(wanted) == 0;
        if (anyPort && _ports.Count > 0)
            SocketAddress.SetPort(wanted, _ports[^1]);   // The same port for both families, where it is free.
        Errno errno = Libc.Bind(descriptor, wanted);
        if (errno == Errno.EADDRINUSE && anyPort)
            errno = Libc.Bind(descriptor, address.Bytes);
        if (errno == Errno.EADDRNOTAVAIL)
        {
            Libc.Close(descriptor);
            return new ConfigException($"bind: {shown}: {errno.Text()}");
        }

        ListenBound(descriptor, errno, shown);
        return null;
    }

    private int TryOpen(int family)
    {
        if (Label == null)
            return Libc.Socket(family);
        using SocketLabel label = SocketLabel.Begin(Label);
        return Libc.Socket(family);
    }

    private int Open(int family)
    {
        int descriptor = TryOpen(family);
        return descriptor >= 0
            ? descriptor
            : throw new ConfigException($"socket: {((Errno)(-descriptor)).Text()}");
    }

    private void Listen(int descriptor, byte[] address, string shown) =>
        ListenBound(descriptor, Libc.Bind(descriptor, address), shown);

    private void ListenBound(int descriptor, Errno bound, string shown)
    {
        string call = "bind";
        Errno errno = bound;
        if (errno == Errno.Ok)
        {
            call = "listen";
            errno = Libc.Listen(descriptor, Backlog);
        }

        if (errno != Errno.Ok)
        {
            Libc.Close(descriptor);
            throw new ConfigException($"{call}: {shown}: {errno.Text()}");
        }

        AddListening(descriptor);
    }

    private void AddListening(int descriptor)
    {
        Span<byte> address = stackalloc byte[SocketAddress.MaximumBytes];
        int length = Libc.GetSocketName(descriptor, address);
        address = address[..Math.Max(length, 0)];
        _descriptors.Add(descriptor);
        _addresses.Add(address.ToArray());
        if (SocketAddress.Family(address) is Libc.AfInet or Libc.AfInet6)
            _ports.Add(SocketAddress.Port(address));
    }
}
