// A server in the test's own process whose connections are in memory. Not: one with sockets (LocalServer), a chain
// without a server (ChainHarness).

using System;
using System.Collections.Generic;
using System.Threading;
using NbdFast.Buffers;
using NbdFast.Chain;
using NbdFast.Server;
using NbdFast.Transport;
using Xunit;

namespace NbdFast.Testing;

/// <summary>
/// Serves a chain of units, from the handshake to the last reply, without a call of the kernel:
/// <code>
/// using MemoryServer server = MemoryServer.Start(new FakePlugin());
/// using RawClient client = server.Open(ReplyMode.Structured);
/// Assert.Equal(0U, client.Write(0, data).Error);
/// </code>
/// Disposing ends the connections and asserts that they ended, then ends the units.
/// </summary>
public sealed class MemoryServer : IDisposable
{
    private const int StackBytes = 256 << 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ChainHarness _chain;
    private readonly ServerContext _context;
    private readonly List<NbdConnection> _connections = [];
    private readonly CountdownEvent _open = new(1);
    private int _accepted;

    private MemoryServer(ChainHarness chain, ServerOptions options)
    {
        _chain = chain;
        _context = new ServerContext(options, chain.Config, new ByteBudget(options.BytesUnderWay));
    }

    /// <summary>Starts a server.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="filters">Outermost first.</param>
    /// <param name="options">How to serve; addresses mean nothing here.</param>
    /// <param name="fuse">Makes fused connections, or null.</param>
    /// <param name="parameters">Parameters of the units.</param>
    /// <exception cref="ConfigException">The chain does not start.</exception>
    internal static MemoryServer Start(
        Plugin plugin,
        IReadOnlyList<Filter>? filters = null,
        ServerOptions? options = null,
        FusedConnector? fuse = null,
        params (string Key, string Value)[] parameters)
    {
        ChainHarness chain = ChainHarness.Start(plugin, filters ?? [], parameters);
        chain.Config.ChecksContract = false;   // It costs time, and memory.
        chain.Config.FusedConnect = fuse;
        return new MemoryServer(chain, options ?? new ServerOptions { EndsProcess = false });
    }

    /// <summary>Connects, and says nothing yet.</summary>
    /// <param name="bytes">How many may be under way in one direction.</param>
    public RawClient Connect(int bytes = MemoryWire.DefaultBytes)
    {
        (MemoryWire near, MemoryWire far) = MemoryWire.Pair(bytes);
        NbdConnection connection = NewConnection(near);
        _connections.Add(connection);
        Thread thread = new(connection.Run, StackBytes) { IsBackground = true, Name = "connection" };
        thread.Start();
        return new RawClient(new MemoryEnd(far));
    }

    /// <summary>Connects and negotiates.</summary>
    public RawClient Open(
        ReplyMode mode = ReplyMode.Simple, string export = "", params ReadOnlySpan<string> contexts) =>
        RawClient.Open(Connect(), mode, export, contexts);

    /// <summary>Ends the connections and the units.</summary>
    public void Dispose()
    {
        foreach (NbdConnection connection in _connections)
            connection.Stop();
        _open.Signal();
        Assert.True(_open.Wait(Patience), "a connection did not end");
        _open.Dispose();
        _context.Dispose();
        _chain.Dispose();
    }

    /// <summary>Serves a connection until it ends: on the calling thread, unless the server moves it.</summary>
    internal void Serve(IWire wire)
    {
        ManualResetEventSlim ended = new();   // Not disposed of: the thread that sets it may still be in there.
        NewConnection(wire, ended.Set).Run();
        Assert.True(ended.Wait(Patience), "the connection did not end");
    }

    private NbdConnection NewConnection(IWire wire, Action? ended = null)
    {
        _open.AddCount();
        ClientInfo client = new() { ConnectionNumber = ++_accepted };
        return new NbdConnection(wire, client, _context, _ =>
        {
            _open.Signal();
            ended?.Invoke();
        });
    }
}
