// Where another NBD server is. Not: how it is reached (Dialer), where this one listens (Transport/ListenAddress).

using System.Collections.Generic;

namespace NbdFast.Client;

/// <summary>The address of a server.</summary>
public abstract record NbdAddress
{
    /// <summary>The TCP and vsock port that NBD has by default.</summary>
    public const string DefaultPort = "10809";

    private protected NbdAddress()
    {
    }

    /// <summary>It can be connected to any number of times, and the same server is there.</summary>
    public virtual bool IsReusable => true;

    /// <summary>The name that the server's certificate must bear, or null if the address has none.</summary>
    public virtual string? HostName => null;

    /// <summary>A Unix domain socket.</summary>
    /// <param name="Path">At most 107 bytes. One that begins with NUL is a name in the abstract namespace.</param>
    public sealed record Unix(string Path) : NbdAddress
    {
        /// <inheritdoc/>
        public override string ToString() => Path is ['\0', .. var name] ? $"unix:@{name}" : $"unix:{Path}";
    }

    /// <summary>TCP.</summary>
    /// <param name="Host">A name, or an address as text, of IPv6 without brackets.</param>
    /// <param name="Service">A port number or service name.</param>
    public sealed record Tcp(string Host, string Service) : NbdAddress
    {
        /// <inheritdoc/>
        public override string? HostName => Host;

        /// <inheritdoc/>
        public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Service}" : $"{Host}:{Service}";
    }

    /// <summary>A port of a virtual machine, or of the machine that runs this one.</summary>
    /// <param name="Machine">The context identifier (CID); 2 is the host, 1 this machine itself.</param>
    /// <param name="Port">The port.</param>
    public sealed record Vsock(uint Machine, uint Port) : NbdAddress
    {
        /// <inheritdoc/>
        public override string ToString() => $"vsock:{Machine}:{Port}";
    }

    /// <summary>A connected socket that whoever started this process left open. It can be used once.</summary>
    /// <param name="Descriptor">The socket.</param>
    public sealed record Inherited(int Descriptor) : NbdAddress
    {
        /// <inheritdoc/>
        public override bool IsReusable => false;

        /// <inheritdoc/>
        public override string ToString() => $"fd:{Descriptor}";
    }

    /// <summary>A program that is started for each connection, and given a listening socket (socket
    /// activation).</summary>
    /// <param name="Arguments">The program and its arguments.</param>
    public sealed record Command(IReadOnlyList<string> Arguments) : NbdAddress
    {
        /// <summary>Each connection has a server of its own, which need not have what another one has.</summary>
        public override bool IsReusable => false;

        /// <inheritdoc/>
        public override string ToString() => Arguments[0];
    }
}
