// Receives requests in batches, judges each and sees to it that it is served. Not: serving (RequestExecutor), sending
// (Transport/SendQueue), on which thread (Drivers).

using System;
using System.Buffers.Binary;
using NbdFast.Buffers;
using NbdFast.Chain;
using NbdFast.Drivers;
using NbdFast.Native;
using NbdFast.Protocol;
using NbdFast.Transport;

namespace NbdFast.Server;

/// <summary>The transmission phase of one connection, served by one thread at a time.</summary>
internal sealed partial class RequestLoop(
    IWire wire, ReceiveBuffer input, PayloadReceiver payloads, SendQueue output, ReplyWriter replies,
    RequestExecutor executor, RequestDispatcher dispatcher, ExecutionPlan plan, TransmissionTerms terms)
{
    /// <summary>A write up to this size waits until it lies whole in the receive buffer and is used in place.</summary>
    private const int InPlaceBytes = 32 << 10;

    // While reads are under way in a ring a write is not received by waiting: up to this size it fits into the receive
    // buffer whatever else is there, of larger ones the reads are waited for.
    private const int AwaitedBytes = 48 << 10;

    // After a request was stuck, so many go to other threads at once: where one waits, others do.
    private const int HandedOnAfterStuck = 2000;

    // A client that waits gets so many replies, or bytes, before the rest of its batch is served: it works while the
    // server does. More such steps in a batch cost more in calls than they gain.
    private const int FirstReplies = 4;
    private const int FirstReplyBytes = 64 << 10;

    private const int ContextIdBytes = 4;
    private const int EffectLengthBytes = 8;

    private readonly bool _extended = terms.Mode == ReplyMode.Extended;
    private readonly int _headerBytes =
        terms.Mode == ReplyMode.Extended ? Nbd.ExtendedRequestBytes : Nbd.RequestBytes;

    private readonly ChainNext _chain = dispatcher.Chain;
    private ExtentList? _extents;
    private GatheredWrites? _gathered;
    private int _leftToHandOn;
    private bool _runsInPlace;
    private volatile bool _stopping;
    private volatile bool _refusing;

    private enum Step
    {
        /// <summary>Served or handed on.</summary>
        Done,

        /// <summary>The request is cut: more bytes are needed.</summary>
        NeedMore,

        /// <summary>The thread would have to wait, and must not. Nothing of the request was used up.</summary>
        NeedThread,

        /// <summary>The role has been taken away.</summary>
        Lost,

        /// <summary>The connection ends.</summary>
        End,
    }

    /// <summary>Requests that this thread runs may wait without another thread taking over, as those of a serialized
    /// chain do: other connections must not depend on the thread.</summary>
    public bool RunsAlone { get; init; }

    /// <summary>Such requests do wait now and then: no reply is kept back until the ones behind it are there
    /// too.</summary>
    public bool SendsEachReply { get; init; }

    /// <summary>Where the thread that serves has reads under way, or null where they wait on other threads.</summary>
    public ReadRing? Reads { get; set; }

    /// <summary>Takes no further request; those under way are finished.</summary>
    public void Stop() => _stopping = true;

    /// <summary>Answers further requests with ESHUTDOWN.</summary>
    public void Refuse() => _refusing = true;

    /// <summary>Serves what was received.</summary>
    /// <param name="role">The caller's role.</param>
    /// <param name="mayWait">The caller may wait for the client to take replies, for memory and for
    /// workers.</param>
    /// <param name="clientWaits">The client has nothing to do until it gets a reply.</param>
    [HotPath]
    public Pause Serve(Role role, bool mayWait, bool clientWaits)
    {
        Pause pause = plan == ExecutionPlan.Async
            ? StartAvailable(role, mayWait, clientWaits)
            : ServeAvailable(role, mayWait, clientWaits);
        if (pause == Pause.Lost)
            return pause;
        if (mayWait)
            output.Flush();
        else if (!output.FlushNow() && pause != Pause.Ended)   // Who ends the connection sends the rest.
            return Pause.NeedsThread;
        return output.IsBroken ? Pause.Ended : pause;
    }

    /// <summary>Receives what is there.</summary>
    /// <returns>As <see cref="ReceiveBuffer.Receive"/>.</returns>
    [HotPath]
    public nint Receive(bool wait) => input.Receive(wire, wait);

    /// <summary>Goes on in place of a thread that is stuck in a request.</summary>
    public void TakeOver()
    {
        dispatcher.CountStuck();
        if (_runsInPlace)
            input.Abandon();   // The stuck write still reads its data there, or has just done so.
        _runsInPlace = false;
        _extents = null;
        _gathered = null;
        _leftToHandOn = HandedOnAfterStuck;
    }

    /// <summary>Waits for all requests under way and sends their replies: also after an exception, for they use what
    /// the connection is about to free.</summary>
    public void Finish()
    {
        dispatcher.WaitForAll();
        output.Drain();
        _gathered?.Dispose();
    }

    // Requests that are only started: what the chain sends for them goes together.
    [HotPath]
    private Pause StartAvailable(Role role, bool mayWait, bool clientWaits)
    {
        using (Burst.Begin())
            return ServeAvailable(role, mayWait, clientWaits);
    }

    [HotPath]
    private Pause ServeAvailable(Role role, bool mayWait, bool clientWaits)
    {
        int served = 0;
        if (RunsAlone && !mayWait)
            return input.Count == 0 ? Pause.NeedsBytes : Pause.NeedsThread;
        while (!_stopping)
        {
            bool mayWaitNow = mayWait && !IsReading;
            if (!mayWaitNow && !CanGoOn())
                return Pause.NeedsThread;
            switch (ServeNext(role, mayWaitNow))
            {
                case Step.Done:
                    served++;
                    if (clientWaits && (served >= FirstReplies || output.WaitingBytes >= FirstReplyBytes))
                    {
                        output.Flush();
                        clientWaits = false;
                    }

                    break;
                case Step.NeedMore:
                    return Pause.NeedsBytes;
                case Step.NeedThread:
                    return Pause.NeedsThread;
                case Step.Lost:
                    return Pause.Lost;
                default:
                    return Pause.Ended;
            }
        }

        return Pause.Ended;
    }

    // Whatever else waited on this thread would keep the reads from being heard of, or might wait for what they hold.
    private bool IsReading => Reads is { IsBusy: true };

    // Without waiting for the client or for workers.
    [HotPath]
    private bool CanGoOn() =>
        (output.HasRoom() || (output.FlushNow() && output.HasRoom()))
        && replies.HasMemory
        && (plan == ExecutionPlan.Inline || dispatcher.HasRoom);

    [HotPath]
    private Step ServeNext(Role role, bool mayWait)
    {
        if (input.Count < _headerBytes)
            return Step.NeedMore;
        if (!RequestHeader.TryParse(input.Available, _extended, out RequestHeader request))
        {
            Log.Error("client sent a wrong request magic: closing the connection");
            return Step.End;
        }

        if (request.Command == NbdCommand.Disconnect)
        {
            Log.Debug($"client sent NBD_CMD_DISC, closing connection");
            return Step.End;
        }

        ulong payload = request.PayloadBytes(_extended);
        if (request.Command == NbdCommand.BlockStatus && payload > 0)
            return ServeBlockStatusPayload(role, request, mayWait);

        Errno verdict = RequestRules.Check(request, terms, out string reason);
        if (verdict == Errno.Ok && _refusing)
            (verdict, reason) = (Errno.ESHUTDOWN, "the server is shutting down");
        if (verdict != Errno.Ok)
            return RefuseRequest(request, payload, verdict, reason, mayWait);
        if (payload > 0)
            return ServeWrite(role, request, (int)payload, mayWait);

        input.Consume(_headerBytes);
        return Serve(role, request);
    }

    [HotPath]
    private Step Serve(Role role, in RequestHeader request)
    {
        switch (plan)
        {
            case ExecutionPlan.Inline:
                ExecuteHere(request, default);
                return Step.Done;
            case ExecutionPlan.Lazy:
                return ExecuteLazily(role, request, null, 0);
            case ExecutionPlan.Workers:
                dispatcher.HandToWorker(request, null, 0);
                return Step.Done;
            default:
                dispatcher.StartAsync(request, null, 0);
                return Step.Done;
        }
    }

    [HotPath]
    private void ExecuteHere(in RequestHeader request, ReadOnlySpan<byte> payload)
    {
        executor.Execute(request, payload, ref _extents, mayWait: true);
        if (SendsEachReply)
            output.Flush();
    }

    [HotPath]
    private Step ServeWrite(Role role, in RequestHeader request, int payload, bool mayWait)
    {
        bool runsHere = plan == ExecutionPlan.Inline
            || (plan == ExecutionPlan.Lazy && _leftToHandOn == 0 && !IsReading);
        bool inPlace = runsHere && payload <= InPlaceBytes && !ServerControl.ServesSwap;   // Swap wants whole pages.
        bool isAwaited = (inPlace || (IsReading && payload <= AwaitedBytes)) && !ServerControl.ServesSwap;
        input.ExpectsPayload = payload > InPlaceBytes && !isAwaited;
        if (isAwaited && input.Count < _headerBytes + payload)
            return Step.NeedMore;
        if (inPlace && (plan == ExecutionPlan.Inline || dispatcher.HasRoom))
            return ServeInPlace(role, request, payload);

        if (!mayWait && input.Count < _headerBytes + payload)
            return Step.NeedThread;
        input.Consume(_headerBytes);
        if (runsHere && !inPlace && RequestExecutor.FlagsOf(request) == RequestFlags.None)
        {
            Loan place = _chain.LendForWrite((uint)payload, request.Offset);
            if (place.Kind == LoanKind.Memory)
                return ReceiveToItsPlace(request, payload, place);
        }

        return ReceiveAndServe(role, request, payload);
    }

    [HotPath]
    private Step ServeInPlace(Role role, in RequestHeader request, int payload)
    {
        if (plan == ExecutionPlan.Lazy && TryGather(request, out Loan place))
            return WriteGathered(role, place);
        ReadOnlySpan<byte> data = input.Available.Slice(_headerBytes, payload);
        input.Consume(_headerBytes + payload);   // It stays where it is until something is received.
        if (plan == ExecutionPlan.Lazy)
            return ExecuteInPlaceLazily(role, request, data);
        NextWrite.Prefetch(_chain, input.Available, _extended, terms.Size);
        ExecuteHere(request, data);
        return Step.Done;
    }

    // Into the memory of the disk itself.
    [HotPath]
    private Step ReceiveToItsPlace(in RequestHeader request, int payload, Loan loan)
    {
        if (input.Count < payload)
            output.Flush();   // The client may wait for these before it sends the rest.
        bool isWhole = payloads.Fill(NativeBuffer.At(loan.Address, payload));
        _chain.Written((uint)payload, request.Offset);
        if (!isWhole)
            return Step.End;
        replies.Success(request);
        return Step.Done;
    }

    // The rest of a large write is received straight to its buffer.
    [HotPath]
    private Step ReceiveAndServe(Role role, in RequestHeader request, int payload)
    {
        RequestBuffer buffer = replies.Rent(payload);
        if (input.Count < payload)
        {
            output.Flush();
            Burst.SendNow();
        }

        if (!payloads.Fill(buffer.Payload(payload)))
        {
            replies.GiveBack(buffer);
            return Step.End;
        }

        switch (plan)
        {
            case ExecutionPlan.Inline:
                ExecuteHere(request, buffer.Payload(payload));
                replies.GiveBack(buffer);
                return Step.Done;
            case ExecutionPlan.Lazy:
                return ExecuteLazily(role, request, buffer, payload);
            case ExecutionPlan.Workers:
                dispatcher.HandToWorker(request, buffer, payload);
                return Step.Done;
            default:
                dispatcher.StartAsync(request, buffer, payload);
                return Step.Done;
        }
    }

    // A request with a payload is answered only when that was read and dropped, for the stream must go on behind it.
    private Step RefuseRequest(
        in RequestHeader request, ulong payload, Errno errno, string reason, bool mayWait)
    {
        if (!mayWait && input.Count < _headerBytes + (long)payload)
            return Step.NeedThread;
        if (payload > Nbd.MaximumSkippedBytes)
        {
            string name = WireName.Of(request.Command);
            Log.Error($"client sent {name} with a payload of {payload} bytes: closing the connection");
            return Step.End;
        }

        input.Consume(_headerBytes);
        if (input.Count < (long)payload)
        {
            output.Flush();
            Burst.SendNow();
        }

        if (!input.Skip(wire, (long)payload))
            return Step.End;
        string range = $"offset={request.Offset} count={request.Length}";
        Log.Error($"invalid request: {WireName.Of(request.Command)}: {reason} ({range})");
        replies.Error(request, errno, reason);
        return Step.Done;
    }

    // Extended headers: the header's length is that of the payload, which holds the effect's length and the contexts
    // asked for.
    private Step ServeBlockStatusPayload(Role role, in RequestHeader header, bool mayWait)
    {
        const int Longest = EffectLengthBytes + ContextIdBytes;
        if (header.Length > Longest || !terms.Has(TransmissionFlags.BlockStatusPayload))
            return RefuseRequest(
                header, header.Length, Errno.EINVAL, "the payload does not fit what was negotiated", mayWait);
        int length = (int)header.Length;
        if (input.Count < _headerBytes + length)
            return Step.NeedMore;

        ReadOnlySpan<byte> payload = input.Available.Slice(_headerBytes, length);
        bool valid = length == Longest
            && BinaryPrimitives.ReadUInt32BigEndian(payload[EffectLengthBytes..])
            == Nbd.AllocationContextId;
        if (!valid)
            return RefuseRequest(
                header, header.Length, Errno.EINVAL, "the payload names no negotiated context", mayWait);

        RequestHeader request = header;
        request.Length = BinaryPrimitives.ReadUInt64BigEndian(payload);
        Errno verdict = RequestRules.Check(request, terms, out string reason);
        if (verdict != Errno.Ok)
            return RefuseRequest(header, header.Length, verdict, reason, mayWait);
        input.Consume(_headerBytes + length);
        return Serve(role, request);
    }
}
