// The life of the server: bind, serve, end. Not: a connection (NbdConnection), the process around it (Background, Captive).

using System;
using System.Collections.Generic;
using NbdFast.Chain;

namespace NbdFast.Server;

/// <summary>Serves one configured chain on a number of addresses.</summary>
internal sealed class NbdServer(ServerOptions options, ChainConfig chain) : IDisposable
{
    /// <summary>The TCP ports that were bound, in order; empty without TCP. With port 0 they are known from
    /// <see cref="Bind"/> on.</summary>
    public IReadOnlyList<int> BoundPorts { get; } = [];

    /// <summary>Creates and binds the listening sockets: from here on clients can connect and wait.</summary>
    /// <exception cref="ConfigException">An address is in use, a name is unknown, ...</exception>
    public void Bind() => throw new NotSupportedException($"{options} {chain}");

    /// <summary>Accepts and serves until <see cref="Stop"/>; then lets requests under way finish, closes every connection
    /// and returns.</summary>
    public void Run() => throw new NotSupportedException();

    /// <summary>Makes <see cref="Run"/> return. From any thread, any number of times.</summary>
    public void Stop() => throw new NotSupportedException();

    /// <summary>Closes the listening sockets.</summary>
    public void Dispose()
    {
    }
}
