// The transmission phase of a connection, as drivers see it. Not: requests (RequestLoop), the connection before and
// after it (NbdConnection).

using System;
using NbdFast.Buffers;
using NbdFast.Chain;
using NbdFast.Drivers;
using NbdFast.Handshake;

namespace NbdFast.Server;

/// <summary>A client whose requests are served.</summary>
internal sealed class Transmission : Served
{
    private readonly NbdConnection _connection;
    private readonly ServerContext _server;
    private readonly HandshakeContext _handshake;
    private readonly RequestLoop _requests;
    private readonly Role _role;
    private readonly bool _mayBlock;
    private readonly string _logContext;
    private AllocationMeter _meter;
    private bool _failed;

    /// <summary>Gets ready to serve the export that was opened.</summary>
    public Transmission(
        NbdConnection connection, ServerContext server, HandshakeContext handshake, BufferLender lender)
    {
        _connection = connection;
        _server = server;
        _handshake = handshake;
        _logContext = connection.LogContext;
        _role = new Role(new GoOn(this));
        Driver = server.Driver;

        OpenedLayers opened = handshake.Opened!;
        ConnectionState state = handshake.State;
        _mayBlock = opened.Plan == ExecutionPlan.Lazy;
        ReplyWriter replies = new(handshake.Output, lender, state.Mode, state.Size);
        RequestExecutor executor = new(opened.Next, replies, state.Mode);
        int most = server.Options.StartedRequests;
        int limit = opened.Plan == ExecutionPlan.Async ? most : server.Options.Threads;
        RequestDispatcher dispatcher = new(
            opened.Next, executor, replies, handshake.Output, server.Threads, limit, most)
        { LogContext = _logContext };
        if (opened.Plan != ExecutionPlan.Inline)
            dispatcher.MakeSlots();
        bool waits = ExecutionPlanRule.LatencyOf(server.Chain) != Latency.Memory;
        PayloadReceiver payloads = new(handshake.Wire, handshake.Input, server.Crowd);
        _requests = new RequestLoop(
            handshake.Wire, handshake.Input, payloads, handshake.Output, replies, executor, dispatcher, opened.Plan,
            state.Terms)
        {
            RunsAlone = opened.Plan == ExecutionPlan.Inline
                && (server.Chain.ThreadModel != ThreadModel.Parallel || waits),
            SendsEachReply = waits,
        };
    }

    public override int Descriptor => _handshake.Wire.Descriptor;

    public override Role Role => _role;

    public override ReadRing? Reads
    {
        get => _requests.Reads;
        set => _requests.Reads = value;
    }

    /// <summary>The handshake is over.</summary>
    public void Start()
    {
        Log.Debug($"handshake complete, processing requests with {_server.Options.Threads} threads");
        _server.Crowd.Enter();
        if (_mayBlock)
        {
            _server.Watch.Start();
            _server.Watch.Add(_role);
        }

        _meter = AllocationMeter.Begin();
        _handshake.Output.Flush();
    }

    /// <summary>Takes no further request; those under way are finished.</summary>
    public void Stop() => _requests.Stop();

    /// <summary>Answers further requests with ESHUTDOWN.</summary>
    public void Refuse() => _requests.Refuse();

    [HotPath]
    public override Pause Serve(Role role, bool mayWait)
    {
        Log.Context = _logContext;
        try
        {
            // Where bytes are worked on before they are sent (TLS) an early batch costs more than it gains.
            return _failed ? Pause.Ended : _requests.Serve(role, mayWait, ClientWaits && Descriptor >= 0);
        }
#pragma warning disable CA1031 // One connection's fault must not take the server down.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return Fail(exception);
        }
    }

    [HotPath]
    public override nint Receive(bool wait)
    {
        try
        {
            return _requests.Receive(wait);
        }
#pragma warning disable CA1031 // No memory for the receive buffer.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(exception);
            return -(nint)Errno.ENOMEM;
        }
    }

    [HotPath]
    public override void Take(RequestBuffer buffer, int count) => _handshake.Input.Take(buffer, count);

    [HotPath]
    public override void Rest()
    {
        _handshake.Input.Rest();
        _handshake.Output.Rest();
    }

    public override void TakeOver()
    {
        Log.Context = _logContext;
        _requests.TakeOver();
    }

    public override void End()
    {
        Log.Context = _logContext;
        _requests.Finish();
        _meter.Tell();
        if (_mayBlock)
            _server.Watch.Remove(_role);
        _server.Crowd.Leave();
        _connection.End();
    }

    private Pause Fail(Exception exception)
    {
        NbdConnection.Failed(exception);
        _failed = true;
        return Pause.Ended;
    }

    private sealed class GoOn(Transmission transmission) : Work
    {
        public override void Run()
        {
            transmission.TakeOver();
            transmission.Driver!.Drive(transmission);
        }
    }
}
