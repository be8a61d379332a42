// The life of the server: bind, serve, end. Not: a connection (NbdConnection), the process around it (Background,
// Captive).

using System;
using System.Collections.Generic;
using NbdFast.Buffers;
using NbdFast.Chain;
using NbdFast.Native;
using NbdFast.Transport;

namespace NbdFast.Server;

/// <summary>Serves one configured chain on a number of addresses.</summary>
internal sealed class NbdServer : IDisposable
{
    private const int PauseAfterFailedAcceptMs = 100;
    private const int SilenceMs = 60_000;

    private readonly ServerContext _context;
    private readonly Listener _listener;
    private readonly ConnectionSet _connections = new();
    private readonly int _stopEvent;
    private int _accepted;
    private long _failureToldMs = -SilenceMs;

    /// <summary>Makes a server that does nothing yet.</summary>
    public NbdServer(ServerOptions options, ChainConfig chain)
    {
        _listener = new Listener { Label = options.SocketLabel };
        ByteBudget budget = new(options.BytesUnderWay) { OnStarved = _connections.AbortMostStalled };
        _context = new ServerContext(options, chain, budget);
        _stopEvent = Libc.EventDescriptor();
        if (_stopEvent < 0)
            throw new ConfigException($"eventfd: {((Errno)(-_stopEvent)).Text()}");
    }

    /// <summary>The TCP ports that were bound, in order; empty without TCP. With port 0 they are known from
    /// <see cref="Bind"/> on.</summary>
    public IReadOnlyList<int> BoundPorts => _listener.Ports;

    /// <summary>The addresses of the listening sockets, each a <c>struct sockaddr</c>.</summary>
    public IReadOnlyList<byte[]> BoundAddresses => _listener.Addresses;

    /// <summary>Creates and binds the listening sockets: from here on clients can connect and wait.</summary>
    /// <exception cref="ConfigException">An address is in use, a name is unknown, ...</exception>
    public void Bind()
    {
        foreach (ListenAddress address in _context.Options.Addresses)
            _listener.Add(address);
    }

    /// <summary>The disk is swap of this machine: gets all that serving needs, and locks it in memory.</summary>
    /// <exception cref="ConfigException">The process may not lock its memory.</exception>
    public SwapFinding LockForSwap() => SwapSafety.Lock(_context);

    /// <summary>Accepts and serves until <see cref="Stop"/>; then lets requests under way finish, closes every
    /// connection and returns.</summary>
    public void Run()
    {
        ServerControl.OnShutdown(Stop);
        AcceptUntilStopped();
        End();
    }

    /// <summary>Serves one connection that is there already (<c>-s</c>), until it ends or <see cref="Stop"/>.</summary>
    public void RunSingle(IWire wire, ClientInfo client)
    {
        ServerControl.OnShutdown(Stop);
        NbdConnection connection = new(wire, client, _context, EndSingle);
        _connections.Add(connection);
        _context.Threads.Enqueue(connection);
        Span<bool> ready = stackalloc bool[1];
        while (Libc.PollForReading([_stopEvent], ready, -1) < 0)
            continue;   // A signal came.
        End();
    }

    private void End()
    {
        _listener.Dispose();
        _context.Gate.Close();
        _connections.EndAll();
    }

    /// <summary>Waits until no connection is left: also those whose client has gone while its requests were under
    /// way.</summary>
    /// <param name="limitMs">The longest wait in milliseconds.</param>
    /// <returns>None is left.</returns>
    public bool WaitUntilIdle(int limitMs) => _connections.WaitUntilEmpty(limitMs);

    /// <summary>Makes <see cref="Run"/> and <see cref="RunSingle"/> return, also if they have not begun: whoever waits
    /// for something before that stops waiting. From any thread, any number of times.</summary>
    public void Stop()
    {
        if (_context.Options.EndsProcess)
        {
            ServerControl.IsShuttingDown = true;
            Sleep.WakeAll();
        }

        Libc.SignalEvent(_stopEvent);
    }

    /// <summary>Closes the listening sockets.</summary>
    public void Dispose()
    {
        _listener.Dispose();
        _context.Dispose();
        Libc.Close(_stopEvent);
    }

    private void AcceptUntilStopped()
    {
        int[] descriptors = [_stopEvent, .. _listener.Descriptors];
        bool[] ready = new bool[descriptors.Length];
        while (true)
        {
            Libc.PollForReading(descriptors, ready, -1);
            if (ready[0])
                return;
            for (int i = 1; i < descriptors.Length; i++)
                if (ready[i])
                    Accept(descriptors[i]);
        }
    }

    private void Accept(int listening)
    {
        Span<byte> address = stackalloc byte[SocketAddress.MaximumBytes];
        int descriptor = Libc.Accept(listening, address, out int length);
        if (descriptor == -(int)Errno.EAGAIN)
            return;   // Another process that has the socket too was faster.
        if (descriptor < 0)
        {
            AcceptFailed((Errno)(-descriptor));
            return;
        }

        Log.Debug($"accepted connection");
        int family = SocketAddress.Family(address[..length]);
        SocketSettings.Apply(descriptor, family, _context.Options.Keepalive);
        ClientInfo client = PeerIdentity.Of(
            descriptor, address[..length], ++_accepted, _context.Options.ReadOnly);
        SocketWire wire = new(descriptor, family == Libc.AfUnix);
        NbdConnection connection = new(wire, client, _context, _connections.Remove);
        _connections.Add(connection);
        _connections.BoundNegotiating(_context.Options.MaximumNegotiating);
        if (_context.Threads.TryEnqueue(connection))
            return;
        _connections.Remove(connection);
        wire.Close();
        AcceptFailed(Errno.EAGAIN);
    }

    private void EndSingle(NbdConnection connection)
    {
        _connections.Remove(connection);
        Stop();
    }

    // A client that has gone already is nothing to speak of. Anything else will not pass at once (no descriptors, no
    // memory): it is said now and then, and the next try comes after a pause, so that neither the CPU nor the log
    // suffers.
    private void AcceptFailed(Errno errno)
    {
        if (errno is Errno.EINTR or Errno.ECONNABORTED)
            return;
        long now = Environment.TickCount64;
        if (now - _failureToldMs >= SilenceMs)
        {
            Log.Error($"accept: {errno.Text()}: trying again every {PauseAfterFailedAcceptMs} ms");
            _failureToldMs = now;
        }

        Span<bool> ready = stackalloc bool[1];
        Libc.PollForReading([_stopEvent], ready, PauseAfterFailedAcceptMs);
    }
}
