// Another server: where it is, how it is spoken to, what it has. Not: an open export (RemoteExport).

using System;
using NbdFast.Buffers;

namespace NbdFast.Client;

/// <summary>A server that this process is a client of.</summary>
/// <param name="address">Where it is.</param>
/// <param name="tls">How connections are encrypted, or null: not at all. Disposed of with this.</param>
public sealed class RemoteServer(NbdAddress address, ClientTls? tls) : IDisposable
{
    /// <summary>Where it is.</summary>
    public NbdAddress Address => address;

    internal ClientTls? Tls => tls;

    internal BufferPool Buffers { get; } = new();

    /// <summary>Lists its exports, on a connection of its own.</summary>
    /// <returns>False if the server does not tell.</returns>
    /// <exception cref="RemoteException">It is not there, or breaks the protocol.</exception>
    public bool List(ExportList exports)
    {
        using Negotiation negotiation = Negotiation.Begin(address, tls, Buffers);
        bool isListed = negotiation.List(exports);
        negotiation.Abort();
        return isListed;
    }

    /// <summary>The name by which the server knows its default export, on a connection of its own.</summary>
    /// <returns>Null if the server does not tell.</returns>
    /// <exception cref="RemoteException">It is not there, has no default export, or breaks the protocol.</exception>
    public string? NameOfDefault()
    {
        using Negotiation negotiation = Negotiation.Begin(address, tls, Buffers);
        bool isTold = negotiation.Inform("");
        negotiation.Abort();
        return isTold ? negotiation.Terms.Name : null;
    }

    /// <summary>Releases what its connections shared. None may be open.</summary>
    public void Dispose() => tls?.Dispose();
}
