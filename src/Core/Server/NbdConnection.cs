// The life of one connection: from accept through the handshake to its close, and how it is broken off. Not: the
// handshake's options, the transmission phase (Transmission).

using System;
using System.Threading;
using NbdFast.Buffers;
using NbdFast.Drivers;
using NbdFast.Handshake;
using NbdFast.Transport;

namespace NbdFast.Server;

/// <summary>One client. It negotiates on a thread; then a driver has it, and any thread may end it.</summary>
internal sealed class NbdConnection : Work
{
    private readonly IWire _wire;
    private readonly ClientInfo _client;
    private readonly ServerContext _server;
    private readonly Action<NbdConnection> _ended;
    private readonly Lock _lock = new();
    private readonly BufferLender _lender;
    private readonly ReceiveBuffer _input;
    private readonly SendQueue _output;
    private HandshakeContext? _handshake;
    private Transmission? _transmission;
    private bool _entered;
    private bool _stopping;
    private bool _refusing;
    private bool _closed;

    /// <summary>Makes a connection of an accepted socket.</summary>
    /// <param name="wire">Its bytes.</param>
    /// <param name="client">Who is at the other end.</param>
    /// <param name="server">The server.</param>
    /// <param name="ended">Called once it is closed.</param>
    public NbdConnection(IWire wire, ClientInfo client, ServerContext server, Action<NbdConnection> ended)
    {
        _wire = wire;
        _client = client;
        _server = server;
        _ended = ended;
        _lender = new BufferLender(server.Buffers, server.Budget);
        _input = new ReceiveBuffer(server.Buffers);
        _output = new SendQueue(wire, _lender, server.Batches);
    }

    /// <summary>Since when the client has not taken what is sent to it, in milliseconds of the system's clock; 0 if it
    /// does.</summary>
    public long StalledSinceMs => _output.StalledSinceMs;

    /// <summary>The connection's number; the oldest has the least.</summary>
    public int Number => _client.ConnectionNumber;

    /// <summary>It was let in and has not negotiated yet. May be out of date as soon as it is told.</summary>
    public bool IsNegotiating =>
        Volatile.Read(ref _entered) && !(Volatile.Read(ref _handshake)?.IsConcluded ?? false);

    /// <summary>What the messages about this connection begin with.</summary>
    public string LogContext => $"{_server.Chain.Plugin.Table.Name}[{_client.ConnectionNumber}]";

    /// <summary>Negotiates; then serves the client, or leaves that to another thread.</summary>
    public override void Run()
    {
        Log.Context = LogContext;
        Transmission? transmission = null;
        try
        {
            _client.OnDisconnect(Disconnect);
            _entered = _server.Gate.Enter();
            if (_entered && _server.Chain.Preconnect(_client) == Errno.Ok)
                transmission = Negotiate();
        }
#pragma warning disable CA1031 // One connection's fault must not take the server down.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Failed(exception);
        }

        if (transmission == null)
            End();
        else
            _server.Driver.Drive(transmission);
    }

    /// <summary>Takes no further request; what is under way is finished, then the connection closes.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _stopping = true;
            _transmission?.Stop();
            if (!_closed)
                _wire.StopReceiving();
        }
    }

    /// <summary>Breaks the connection off.</summary>
    public void Abort()
    {
        lock (_lock)
        {
            _stopping = true;
            _transmission?.Stop();
            if (!_closed)
                _wire.Abort();
        }
    }

    /// <summary>An exception that only a fault of the server, or a lack of memory, can bring about.</summary>
    public static void Failed(Exception exception) =>
        Log.Error($"connection ended: {exception.GetType().Name}: {exception.Message}");

    /// <summary>Closes the export and the connection. Called once, when nobody uses it any more.</summary>
    public void End()
    {
        Log.Context = LogContext;
        try
        {
            _handshake?.CloseExport();
        }
#pragma warning disable CA1031 // One connection's fault must not take the server down.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Failed(exception);
        }

        _input.Dispose();
        _output.Dispose();
        if (_entered)
            _server.Gate.Leave();
        lock (_lock)
        {
            _closed = true;
            (_handshake?.Wire ?? _wire).Close();   // Which may be laid over that of the socket.
        }

        Log.Context = null;   // The thread goes on with something else.
        _ended(this);
    }

    private void Disconnect(bool force)
    {
        if (force)
        {
            Abort();
            return;
        }

        lock (_lock)
        {
            _refusing = true;   // A unit may say so while its export is being opened.
            _transmission?.Refuse();
        }
    }

    // Null if the client does not want, or does not get, an export.
    private Transmission? Negotiate()
    {
        ServerOptions options = _server.Options;
        HandshakePolicy policy = new(
            options.ReadOnly, options.HandshakeMask, options.NoStructuredReplies, options.NoMetaContexts, options.Tls);
        _handshake = new HandshakeContext(_wire, _input, _output, policy, _server.Chain, _client)
        { State = new ConnectionState() };
        if (!Agree(_handshake))
        {
            _output.Drain();
            return null;
        }

        Transmission transmission = new(this, _server, _handshake, _lender);
        lock (_lock)
        {
            _transmission = transmission;
            if (_stopping)
                transmission.Stop();
            if (_refusing)
                transmission.Refuse();
        }

        transmission.Start();
        return transmission;
    }

    private bool Agree(HandshakeContext handshake)
    {
        using HandshakeTimeout? timeout = _server.Options.HandshakeTimeout is { } limit
            ? new HandshakeTimeout(this, limit)
            : null;
        bool agreed = _server.Options.Oldstyle ? Oldstyle.Run(handshake) : Newstyle.Run(handshake);
        return agreed && !(timeout?.HasExpired ?? false);
    }
}
