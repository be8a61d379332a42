// The life of one connection, from accept to close. Not: the handshake's options, the requests.

using System;
using System.Threading;
using NbdFast.Buffers;
using NbdFast.Chain;
using NbdFast.Handshake;
using NbdFast.Transport;

namespace NbdFast.Server;

/// <summary>What connections of one server share.</summary>
internal sealed record ServerContext(
    ServerOptions Options, ChainConfig Chain, ConnectionGate Gate, WorkerPool Workers, BufferPool Buffers,
    ByteBudget Budget);

/// <summary>One client, served on a thread of its own.</summary>
internal sealed class NbdConnection(IWire wire, ClientInfo client, ServerContext server)
{
    private readonly Lock _lock = new();
    private RequestLoop? _loop;
    private SendQueue? _output;
    private bool _stopping;
    private bool _refusing;
    private bool _closed;

    /// <summary>Since when the client has not taken what is sent to it, in milliseconds of the system's clock; 0 if it
    /// does.</summary>
    public long StalledSinceMs => _output?.StalledSinceMs ?? 0;

    /// <summary>Serves the client until it goes.</summary>
    public void Run()
    {
        Log.Context = $"{server.Chain.Plugin.Table.Name}[{client.ConnectionNumber}]";
        client.OnDisconnect(Disconnect);
        bool entered = server.Gate.Enter();
        try
        {
            if (entered && server.Chain.Preconnect(client) == Errno.Ok)
                Serve();
        }
#pragma warning disable CA1031 // One connection's fault must not take the server down.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.Error($"connection ended: {exception.GetType().Name}: {exception.Message}");
        }
        finally
        {
            if (entered)
                server.Gate.Leave();
            lock (_lock)
            {
                _closed = true;
                wire.Close();
            }
        }
    }

    /// <summary>Takes no further request; what is under way is finished, then the connection closes.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _stopping = true;
            _loop?.Stop();
            if (!_closed)
                wire.StopReceiving();
        }
    }

    /// <summary>Breaks the connection off.</summary>
    public void Abort()
    {
        lock (_lock)
        {
            _stopping = true;
            _loop?.Stop();
            if (!_closed)
                wire.Abort();
        }
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
            _loop?.Refuse();
        }
    }

    private void Serve()
    {
        BufferLender lender = new(server.Buffers, server.Budget);
        using ReceiveBuffer input = new();
        using SendQueue output = new(wire, lender);
        _output = output;
        ServerOptions options = server.Options;
        HandshakeContext handshake = new(
            wire,
            input,
            output,
            new HandshakePolicy(
                options.ReadOnly, options.HandshakeMask, options.NoStructuredReplies, options.NoMetaContexts),
            server.Chain,
            client)
        { State = new ConnectionState() };
        try
        {
            if (Negotiate(handshake))
                Transmit(handshake, input, output, lender);
            else
                output.Drain();
        }
        finally
        {
            handshake.CloseExport();
        }
    }

    private bool Negotiate(HandshakeContext handshake)
    {
        using HandshakeTimeout? timeout = server.Options.HandshakeTimeout is { } limit
            ? new HandshakeTimeout(this, limit)
            : null;
        bool agreed = server.Options.Oldstyle ? Oldstyle.Run(handshake) : Newstyle.Run(handshake);
        return agreed && !(timeout?.HasExpired ?? false);
    }

    private void Transmit(
        HandshakeContext handshake, ReceiveBuffer input, SendQueue output, BufferLender lender)
    {
        OpenedLayers opened = handshake.Opened!;
        ConnectionState state = handshake.State;
        ChainNext chain = opened.Next;
        ReplyWriter replies = new(output, lender, state.Mode, state.Size);
        RequestExecutor executor = new(chain, replies, state.Mode);
        RequestDispatcher dispatcher = new(
            chain, executor, replies, output, server.Workers, server.Options.Threads)
        { LogContext = Log.Context };
        if (opened.Plan != ExecutionPlan.Inline)
            dispatcher.MakeSlots();
        Log.Debug($"handshake complete, processing requests with {server.Options.Threads} threads");
        RequestLoop loop = new(wire, input, output, replies, executor, dispatcher, opened.Plan, state.Terms)
        { SendsEachReply = server.Chain.Latency != Latency.Memory };
        lock (_lock)
        {
            _loop = loop;
            if (_stopping)
                loop.Stop();
            if (_refusing)
                loop.Refuse();
        }

        AllocationMeter meter = AllocationMeter.Begin();
        output.Flush();
        loop.Run();
        meter.Tell();
    }
}
