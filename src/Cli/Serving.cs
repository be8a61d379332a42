// A run that serves a disk, from its configuration to its exit code, in nbdkit's order of steps. Not: the steps
// themselves, which belong to the chain and the server.

using System;
using System.Collections.Generic;
using System.Linq;
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
    private readonly Identity? _identity;
    private readonly StandardConnection? _single;
    private readonly Places _places;
    private readonly TlsContext? _tls;
    private readonly ChainConfig _chain;
    private volatile bool _endsAtOnce;

    private Serving(Options options, Background? background, StandardConnection? single)
    {
        _options = options;
        _background = background;
        _places = new Places(options);
        if (options.User != null || options.Group != null)
            _identity = Identity.Find(options.User, options.Group);
        _single = single;
        _tls = TlsSetup.Make(options);
        ServerControl.OnShutdown(() => _endsAtOnce = true);   // There is no server yet that could be stopped.
        ServerControl.WillBecome(_identity?.User, _identity?.Group);
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
        // Before anything is said, which might go where the client is.
        StandardConnection? single = options.Single ? StandardConnection.Take() : null;
        Startup.Prepare(options);
        ServerControl.ServesSwap = options.Swap;
        using var serving = new Serving(options, background, single);
        return serving.Run();
    }

    /// <summary>The last calls of the units.</summary>
    public void Dispose()
    {
        ChainLifecycle.Dispose(_chain);
        _places.Dispose();
        _tls?.Dispose();
    }

    private int Run()
    {
        Parameters.Apply(_chain, _options.Parameters);
        _chain.Complete();
        ChainLifecycle.GetReady(_chain);
        if (_options.SwapCheck)
            return CheckSwap();
        using var server = new NbdServer(MakeServerOptions(), _chain);
        using var signals = Signals.Handle(server.Stop);
        server.Bind();
        Endpoint endpoint = _places.Describe(server.BoundAddresses);
        if (_options.PrintUri)
            Output.Write(UriText(endpoint));
        // The command keeps the caller's identity, so it must start before that is given up; and it is not what the
        // kernel should spare.
        bool startsFirst = _identity != null || _options.Swap;
        Captive? captive = startsFirst ? StartCaptive(server, signals, endpoint) : null;
        BecomeServer(server);
        captive ??= StartCaptive(server, signals, endpoint);
        LeaveCaller();
        ServerControl.OnShutdown(server.Stop);
        if (_endsAtOnce)
            server.Stop();
        if (_single == null)
            server.Run();
        else
            server.RunSingle(_single.OpenWire(_options.Keepalive), _single.Client(_options.ReadOnly));
        ChainLifecycle.Cleanup(_chain);
        // If the command still goes on, because of a signal, it finds nobody to connect to.
        return captive?.WaitForExitCode() ?? 0;
    }

    private void BecomeServer(NbdServer server)
    {
        List<SwapFinding> findings = _options.Swap ? [.. SwapSafety.Begin()] : [];
        if (_identity != null)
        {
            _places.GiveTo(_identity);
            _identity.Assume();
        }

        if (_options.ExitWithParent)
            ParentWatch.Begin(server.Stop);
        if (_background != null)
            Background.Detach();
        ChainLifecycle.AfterFork(_chain);
        if (_options.Swap)
            findings.AddRange([server.LockForSwap(), .. SwapSafety.LookAt(_chain)]);
        foreach (SwapFinding finding in findings.Where(finding => !finding.IsSafe))
            Log.Error($"warning: --swap: {finding.Subject}: {finding.Text}");
        if (_options.PidFile != null)
            PidFile.Write(_options.PidFile);
    }

    // The same steps, in the same order, up to serving; nothing is bound, so that it can be asked while a server runs.
    private int CheckSwap()
    {
        SwapCheck check = new();
        check.LookAt(_options, _tls != null);
        check.Add(SwapSafety.Begin());
        _identity?.Assume();
        ChainLifecycle.AfterFork(_chain);
        using NbdServer server = new(MakeServerOptions(), _chain);
        check.Lock(server);
        check.Add(SwapSafety.LookAt(_chain));
        ChainLifecycle.Cleanup(_chain);
        return check.Tell();
    }

    private Captive? StartCaptive(NbdServer server, Signals signals, Endpoint endpoint) => _options.Run == null
        ? null
        : Captive.Start(
            RunScript.Write(endpoint, signals.InheritedIgnored, _options, TlsSetup.ChoiceOf(_tls)), server.Stop);

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

    private ServerOptions MakeServerOptions()
    {
        ServerOptions options = MakeOptionsWithDefaultThreads();
        return _options.Threads is { } threads ? options with { Threads = threads } : options;
    }

    private ServerOptions MakeOptionsWithDefaultThreads() => new()
    {
        Addresses = _places.Choose(),
        SocketLabel = _options.SelinuxLabel,
        ReadOnly = _options.ReadOnly,
        Oldstyle = _options.Oldstyle,
        NoStructuredReplies = _options.NoStructuredReplies,
        NoMetaContexts = _options.NoMetaContexts,
        HandshakeMask = _options.HandshakeMask,
        HandshakeTimeout = _options.HandshakeTimeout,
        Tls = _tls,
        Keepalive = _options.Keepalive,
        Io = _options.Io,
    };

    private static string UriText(Endpoint endpoint)
    {
        string text = "";
        foreach (string uri in endpoint.Uris)
        {
            string quoted = ShellWord.DoubleQuote(uri);
            text += $"{uri}\nShell-quoted URI: {quoted}\nCommand to query the NBD endpoint:\n  nbdinfo {quoted}\n";
        }

        return text;
    }
}
