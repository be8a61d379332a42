// A server in the test's own process, over units that the test made. Not: the program (ServerProcess), a chain without
// a server (ChainHarness).

using System;
using System.Collections.Generic;
using System.Threading;
using NbdFast.Chain;
using NbdFast.Server;
using NbdFast.Transport;
using Xunit;

namespace NbdFast.Testing;

/// <summary>
/// Serves a chain of units on a Unix socket in a folder of its own:
/// <code>
/// using LocalServer server = LocalServer.Start(new FakePlugin());
/// using RawClient client = server.Open(ReplyMode.Structured);
/// Assert.Equal(0U, client.Write(0, data).Error);
/// </code>
/// Disposing ends it and asserts that it ended. Its error messages are not shown: they are what most of its tests
/// provoke, and what of them matters goes to the client too.
/// </summary>
public sealed class LocalServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();
    private readonly ChainConfig _chain;
    private readonly NbdServer _server;
    private readonly Thread _thread;
    private Exception? _failure;
    private bool _ended;

    private LocalServer(ChainConfig chain, Func<ServerOptions, ServerOptions>? change)
    {
        _chain = chain;
        ServerOptions options = new()
        {
            Addresses = [new ListenAddress.Unix(SocketPath)],
            EndsProcess = false,
            Io = TestedDriver.Apply(),
        };
        _server = new NbdServer(change?.Invoke(options) ?? options, chain);
        _thread = new Thread(Run) { IsBackground = true, Name = "server" };
    }

    /// <summary>The Unix socket.</summary>
    public string SocketPath => _folder.File("s");

    /// <summary>The TCP ports, if the options ask for any.</summary>
    internal IReadOnlyList<int> Ports => _server.BoundPorts;

    /// <summary>Starts a server.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="filters">Outermost first.</param>
    /// <param name="options">Changes how to serve.</param>
    /// <param name="checksContract">Assert the contract between layers; it costs time, and memory.</param>
    /// <param name="parameters">Parameters of the units.</param>
    /// <exception cref="ConfigException">It does not start.</exception>
    internal static LocalServer Start(
        Plugin plugin,
        IReadOnlyList<Filter>? filters = null,
        Func<ServerOptions, ServerOptions>? options = null,
        bool checksContract = true,
        params IReadOnlyList<(string Key, string Value)> parameters)
    {
        if (Log.Sink == Diagnostics.StderrSink.Instance)
            Log.Sink = NoSink.Instance;
        ChainConfig chain = ChainBuilder.Build(filters ?? [], plugin);
        chain.ChecksContract = checksContract;
        LocalServer? server = null;
        try
        {
            foreach ((string key, string value) in parameters)
                chain.Apply(key, value);
            chain.Complete();
            server = new LocalServer(chain, options);
            ChainLifecycle.GetReady(chain);
            server._server.Bind();
            ChainLifecycle.AfterFork(chain);
        }
        catch
        {
            server?._server.Dispose();
            server?._folder.Dispose();
            ChainLifecycle.Dispose(chain);
            throw;
        }

        server._thread.Start();
        return server;
    }

    /// <summary>Connects, and says nothing yet.</summary>
    public RawClient Connect() => RawClient.ConnectUnix(SocketPath);

    /// <summary>Connects and negotiates.</summary>
    public RawClient Open(
        ReplyMode mode = ReplyMode.Simple, string export = "", params ReadOnlySpan<string> contexts) =>
        RawClient.Open(Connect(), mode, export, contexts);

    /// <summary>Waits until the requests of clients that left without waiting have been served too.</summary>
    public void WaitUntilIdle() =>
        Assert.True(_server.WaitUntilIdle((int)Patience.TotalMilliseconds), "a connection did not end");

    /// <summary>Asks the server to end, and does not wait.</summary>
    public void Stop() => _server.Stop();

    /// <summary>Waits until the server has ended, which something must have asked it to.</summary>
    public void WaitForEnd()
    {
        Assert.True(_thread.Join(Patience), "the server did not end");
        Assert.True(_failure == null, $"the server failed: {_failure}");
    }

    /// <summary>Ends the server and its units.</summary>
    public void Dispose()
    {
        if (_ended)
            return;
        _ended = true;
        Stop();
        WaitForEnd();
        _server.Dispose();
        ChainLifecycle.Cleanup(_chain);
        ChainLifecycle.Dispose(_chain);
        _folder.Dispose();
    }

    private void Run()
    {
        try
        {
            _server.Run();
        }
#pragma warning disable CA1031 // Told by WaitForEnd, on the test's thread.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _failure = exception;
        }
    }

    private sealed class NoSink : Diagnostics.ILogSink
    {
        public static NoSink Instance { get; } = new();

        public void Error(string line)
        {
        }
    }
}
