// Connects to a server. Not: what is said then (Negotiation).

using System.Collections.Generic;
using System.Globalization;
using NbdFast.Native;
using NbdFast.Transport;

namespace NbdFast.Client;

/// <summary>Makes a connected socket of an address.</summary>
internal static class Dialer
{
    private const int LookMs = 500;

    /// <summary>Connects.</summary>
    /// <param name="address">Whom to.</param>
    /// <param name="started">The program that was started for it, or null.</param>
    /// <exception cref="RemoteException">Nobody is there.</exception>
    public static PatientWire Connect(NbdAddress address, out StartedServer? started)
    {
        started = null;
        switch (address)
        {
            case NbdAddress.Unix unix:
                return new PatientWire(Connect(Libc.AfUnix, SocketAddress.OfUnix(unix.Path), address));
            case NbdAddress.Tcp tcp:
                return new PatientWire(ConnectTcp(tcp));
            case NbdAddress.Vsock vsock:
                return new PatientWire(
                    Connect(Libc.AfVsock, SocketAddress.OfVsock(vsock.Machine, vsock.Port), address));
            case NbdAddress.Command command:
                started = StartedServer.Start(command);
                return new PatientWire(started.TakeWire());
            default:
                return new PatientWire(Take((NbdAddress.Inherited)address));
        }
    }

    /// <summary>Connects to one address.</summary>
    /// <exception cref="RemoteException">Nobody is there.</exception>
    internal static SocketWire Connect(int family, byte[] bytes, NbdAddress shown)
    {
        int descriptor = Libc.Socket(family);
        if (descriptor < 0)
            throw Failed("socket", shown, (Errno)(-descriptor));
        // Who does not answer, or does not accept, must not keep this server from ending.
        Errno error;
        do
            error = ServerControl.IsShuttingDown ? Errno.ESHUTDOWN : Libc.Connect(descriptor, bytes, LookMs);
        while (error == Errno.EAGAIN);
        if (error != Errno.Ok)
        {
            Libc.Close(descriptor);
            throw Failed("connect", shown, error);
        }

        SocketSettings.Apply(descriptor, family, keepalive: true);
        return new SocketWire(descriptor, family == Libc.AfUnix);
    }

    private static SocketWire ConnectTcp(NbdAddress.Tcp tcp)
    {
        // The resolver would cut the number to 16 bits.
        if (uint.TryParse(tcp.Service, NumberStyles.None, CultureInfo.InvariantCulture, out uint port)
            && port > ushort.MaxValue)
            throw new RemoteException(Errno.EINVAL, $"{tcp}: a port is a number up to {ushort.MaxValue}");
        if (AddressResolver.Resolve(
                tcp.Host, tcp.Service, 0, out IReadOnlyList<AddressResolver.Resolved> addresses) is { } problem)
            throw new RemoteException(Errno.EIO, $"getaddrinfo: {tcp}: {problem}");
        RemoteException? last = null;
        foreach (AddressResolver.Resolved address in addresses)
        {
            try
            {
                return Connect(address.Family, address.Bytes, tcp);
            }
            catch (RemoteException exception)
            {
                last = exception;   // Of several addresses the next may answer.
            }
        }

        throw last ?? new RemoteException(Errno.EIO, $"getaddrinfo: {tcp}: no address");
    }

    // A duplicate, so that whatever becomes of the number does not matter.
    private static SocketWire Take(NbdAddress.Inherited inherited)
    {
        System.Span<byte> address = stackalloc byte[SocketAddress.MaximumBytes];
        int length = Libc.GetPeerName(inherited.Descriptor, address);
        int descriptor = length < 0 ? length : Libc.Duplicate(inherited.Descriptor);
        if (descriptor < 0)
            throw Failed("socket-fd", inherited, (Errno)(-descriptor));
        int family = SocketAddress.Family(address[..length]);
        SocketSettings.Apply(descriptor, family, keepalive: true);
        return new SocketWire(descriptor, family is 0 or Libc.AfUnix);
    }

    private static RemoteException Failed(string call, NbdAddress address, Errno error) =>
        new(error, $"{address}: {call}: {error.Text()}");
}
