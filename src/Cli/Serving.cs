// A run that serves a disk, from its configuration to its exit code, in nbdkit's order of steps. Not: the steps
// themselves, which belong to the chain and the server.

using System;
using NbdFast.Chain;
using NbdFast.Diagnostics;
using NbdFast.Native;
using NbdFast.Server;
using NbdFast.Transport;

namespace NbdFast.Cli;

/// <summary>Serves until a signal, a unit or the end of <c>--run</c>'s command says stop.</summary>
internal sealed class Serving : IDisposable
{
    // Group and others do not write to what is made here: sockets, PID files, files of plugins.
    private const uint Umask = 0b000_010_010;

    private readonly Options _options;
    private readonly Background? _background;
    private readonly ChainConfig _chain;
    private PrivateSocket? _privateSocket;

    private Serving(Options options, Background? background)
    {
        _options = options;
        _background = background;
        _chain = Startup.Load(options);
    }

    /// <summary>Does all of it.</summary>
    /// <param name="options">The command line.</param>
    /// <param name="background">The way to the launcher, for a server in the background.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="UsageException">A unit is unknown, or a bare parameter means nothing.</exception>
    /// <exception cref="ConfigException">Serving is not possible.</exception>
    public static int Run(Options options, Background? background)
    {
        _ = Libc.SetUmask(Umask);
        Startup.Prepare(options);
        using var serving = new Serving(options, background);
        return serving.Run();
    }

    /// <summary>The last calls of the units.</summary>
    public void Dispose()
    {
        ChainLifecycle.Dispose(_chain);
        _privateSocket?.Dispose();
    }

    private int Run()
    {
        Parameters.Apply(_chain, _options.Parameters);
        _chain.Complete();
        ChainLifecycle.GetReady(_chain);
        using var server = new NbdServer(MakeServerOptions(), _chain);
        using var signals = Signals.Handle(server.Stop);
        server.Bind();
        Endpoint endpoint = MakeEndpoint(server);
        if (_options.PrintUri)
            Output.Write(UriText(endpoint.Uri));
        if (_background != null)
            Background.Detach();
        ChainLifecycle.AfterFork(_chain);
        if (_options.PidFile != null)
            PidFile.Write(_options.PidFile);
        Captive? captive = StartCaptive(server, signals, endpoint);
        LeaveCaller();
        server.Run();
        ChainLifecycle.Cleanup(_chain);
        // If the command still goes on, because of a signal, it finds nobody to connect to.
        return captive?.WaitForExitCode() ?? 0;
    }

    private Captive? StartCaptive(NbdServer server, Signals signals, Endpoint endpoint)
    {
        if (_options.Run == null)
            return null;
        string script = RunScript.Write(endpoint, _options.ExportName, signals.InheritedIgnored, _options.Run);
        return Captive.Start(script, server.Stop);
    }

    // The caller's terminal and pipes are not the server's any more.
    private void LeaveCaller()
    {
        if (_background == null)
        {
            StandardStreams.Drop(includingError: false);
            return;
        }

        if (_options.Log == LogChoice.Default)
            Log.Sink = new SyslogSink(Log.ProgramName);
        _background.Ready(keepStandardError: _options.Verbose || _options.Log == LogChoice.Stderr);
    }

    private ServerOptions MakeServerOptions() => new()
    {
        Addresses = [MakeAddress()],
        ReadOnly = _options.ReadOnly,
        Oldstyle = _options.Oldstyle,
        NoStructuredReplies = _options.NoStructuredReplies,
        NoMetaContexts = _options.NoMetaContexts,
        HandshakeMask = _options.HandshakeMask,
        HandshakeTimeout = _options.HandshakeTimeout,
        Threads = _options.Threads,
        Keepalive = _options.Keepalive,
    };

    private ListenAddress MakeAddress()
    {
        if (_options.UnixSocket == null)
            return new ListenAddress.Tcp(
                _options.IpAddress, _options.Port ?? ServerOptions.DefaultPort, _options.Family);
        if (_options.UnixSocket != "-")
            return new ListenAddress.Unix(_options.UnixSocket);
        _privateSocket = new PrivateSocket();
        return new ListenAddress.Unix(_privateSocket.Path);
    }

    private Endpoint MakeEndpoint(NbdServer server)
    {
        if ((_privateSocket?.Path ?? _options.UnixSocket) is { } path)
            return new Endpoint(EndpointUri.ForUnix(path, _options.ExportName), null, path);
        int port = server.BoundPorts[0];
        bool isIPv6 = _options.Family == AddressFamilyChoice.IPv6;
        return new Endpoint(
            EndpointUri.ForTcp(_options.IpAddress, isIPv6, port, _options.ExportName), port, null);
    }

    private static string UriText(string uri)
    {
        string quoted = ShellWord.DoubleQuote(uri);
        return $"{uri}\nShell-quoted URI: {quoted}\nCommand to query the NBD endpoint:\n  nbdinfo {quoted}\n";
    }
}
