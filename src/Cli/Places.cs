// The places where a command line has a server listen, and what clients are told of them. Not: binding (Transport).

using System;
using System.Collections.Generic;
using NbdFast.Native;
using NbdFast.Server;
using NbdFast.Transport;
using NbdFast.Values;

namespace NbdFast.Cli;

/// <summary>From options to addresses, and from bound addresses to an endpoint.</summary>
internal sealed class Places(Options options) : IDisposable
{
    private PrivateSocket? _privateSocket;

    /// <summary>Where to listen, in the order in which URIs are told. Makes the folder of a private socket.</summary>
    /// <exception cref="ConfigException">That failed, or a port is no number.</exception>
    public IReadOnlyList<ListenAddress> Choose()
    {
        if (options.Single)
            return [];
        List<ListenAddress> chosen = [];
        foreach (int socket in options.ActivationSockets)
            chosen.Add(new ListenAddress.Inherited(socket));
        if (chosen.Count > 0)
            return chosen;
        if (options.UnixSocket == "-")
            _privateSocket = new PrivateSocket();
        if (SocketPath is { } path)
            chosen.Add(new ListenAddress.Unix(path));
        if (options.Vsock)
            chosen.Add(new ListenAddress.Vsock(VsockPort(options.Port ?? ServerOptions.DefaultPort)));
        else if (options.Port != null || chosen.Count == 0)
            chosen.Add(new ListenAddress.Tcp(
                options.IpAddress, options.Port ?? ServerOptions.DefaultPort, options.Family));
        return chosen;
    }

    /// <summary>What to tell of sockets that are bound.</summary>
    /// <param name="bound">Their addresses.</param>
    public Endpoint Describe(IReadOnlyList<byte[]> bound)
    {
        List<string> uris = [];
        uint? port = null;
        foreach (byte[] address in bound)
        {
            int family = SocketAddress.Family(address);
            // The sockets of one -p, as both families of a wildcard, are one place to clients.
            if (family != Libc.AfUnix && port != null && options.ActivationSockets.Count == 0)
                continue;
            if (family != Libc.AfUnix)
                port ??= family == Libc.AfVsock ? SocketAddress.VsockPort(address) : (uint)SocketAddress.Port(address);
            uris.Add(UriOf(address));
        }

        return new Endpoint(uris, port, SocketPath);
    }

    /// <summary>The private socket, if any, is to be removed by whoever the server becomes.</summary>
    /// <exception cref="ConfigException">It cannot be given away.</exception>
    public void GiveTo(Identity identity) => _privateSocket?.GiveTo(identity);

    /// <summary>Removes a private socket.</summary>
    public void Dispose() => _privateSocket?.Dispose();

    private string? SocketPath => _privateSocket?.Path ?? options.UnixSocket;

    private string UriOf(byte[] address)
    {
        bool isTls = options.Tls == TlsChoice.Require;   // Otherwise a client may do without, and few would do with.
        switch (SocketAddress.Family(address))
        {
            case Libc.AfUnix:
                return EndpointUri.ForUnix(SocketAddress.UnixPath(address), options.ExportName, isTls);
            case Libc.AfVsock:
                return EndpointUri.ForVsock(SocketAddress.VsockPort(address), options.ExportName, isTls);
            default:
                bool isIPv6 = options.Family == AddressFamilyChoice.IPv6;
                string? host = options.ActivationSockets.Count == 0 ? options.IpAddress : SocketAddress.Host(address);
                return EndpointUri.ForTcp(host, isIPv6, SocketAddress.Port(address), options.ExportName, isTls);
        }
    }

    // There are no names of vsock services. 0 is any free port, as with TCP.
    private static uint VsockPort(string text)
    {
        try
        {
            uint port = Parsers.ParseUInt32(text);
            return port == 0 ? SocketAddress.AnyVsockPort : port;
        }
        catch (ConfigException e)
        {
            throw new ConfigException($"port: {e.Message}", e);
        }
    }
}
