// Receives requests in batches, judges each and sees to it that it is served. Not: serving (RequestExecutor), sending
// (Transport/SendQueue).

using System;
using System.Buffers.Binary;
using NbdFast.Buffers;
using NbdFast.Chain;
using NbdFast.Protocol;
using NbdFast.Transport;

namespace NbdFast.Server;

/// <summary>The transmission phase of one connection, on the connection's own thread.</summary>
internal sealed class RequestLoop(
    IWire wire, ReceiveBuffer input, SendQueue output, ReplyWriter replies, RequestExecutor executor,
    RequestDispatcher dispatcher, ExecutionPlan plan, TransmissionTerms terms)
{
    /// <summary>A write up to this size waits until it lies whole in the receive buffer and is used in place.</summary>
    private const int InPlaceBytes = 64 << 10;

    private const int ContextIdBytes = 4;
    private const int EffectLengthBytes = 8;

    private readonly bool _extended = terms.Mode == ReplyMode.Extended;
    private readonly int _headerBytes =
        terms.Mode == ReplyMode.Extended ? Nbd.ExtendedRequestBytes : Nbd.RequestBytes;

    private ExtentList? _extents;
    private volatile bool _stopping;
    private volatile bool _refusing;

    private enum Step
    {
        /// <summary>Served or handed on.</summary>
        Done,

        /// <summary>The request is cut: more bytes are needed.</summary>
        NeedMore,

        /// <summary>The connection ends.</summary>
        End,
    }

    /// <summary>Requests that this thread runs may wait, as those of a serialized chain do: no reply is kept back
    /// until the ones behind it are there too.</summary>
    public bool SendsEachReply { get; init; }

    /// <summary>Takes no further request; those under way are finished.</summary>
    public void Stop() => _stopping = true;

    /// <summary>Answers further requests with ESHUTDOWN.</summary>
    public void Refuse() => _refusing = true;

    /// <summary>Serves until the client goes, the connection breaks or <see cref="Stop"/> is called. Every reply is
    /// sent, also to a client that has closed its sending side.</summary>
    public void Run()
    {
        try
        {
            while (ServeAvailable())
            {
                output.Flush();
                if (output.IsBroken || !input.Fill(wire))
                    break;
            }
        }
        finally
        {
            // Also after an exception (no memory for a payload): requests under way use what the connection is about to
            // free.
            dispatcher.WaitForAll();
            output.Drain();
        }
    }

    [HotPath]
    private bool ServeAvailable()
    {
        while (!_stopping)
        {
            Step step = ServeNext();
            if (step != Step.Done)
                return step == Step.NeedMore;
        }

        return false;
    }

    [HotPath]
    private Step ServeNext()
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
            return ServeBlockStatusPayload(request);

        Errno verdict = RequestRules.Check(request, terms, out string reason);
        if (verdict == Errno.Ok && _refusing)
            (verdict, reason) = (Errno.ESHUTDOWN, "the server is shutting down");
        if (verdict != Errno.Ok)
            return RefuseRequest(request, payload, verdict, reason);
        if (payload > 0)
            return ServeWrite(request, (int)payload);

        input.Consume(_headerBytes);
        Serve(request);
        return Step.Done;
    }

    [HotPath]
    private void Serve(in RequestHeader request)
    {
        switch (plan)
        {
            case ExecutionPlan.Inline:
                ExecuteHere(request, default);
                break;
            case ExecutionPlan.Workers:
                HandOn(request, null, 0);
                break;
            default:
                dispatcher.StartAsync(request, null, 0);
                break;
        }
    }

    [HotPath]
    private void ExecuteHere(in RequestHeader request, ReadOnlySpan<byte> payload)
    {
        executor.Execute(request, payload, ref _extents);
        if (SendsEachReply)
            output.Flush();
    }

    [HotPath]
    private Step ServeWrite(in RequestHeader request, int payload)
    {
        bool inPlace = plan == ExecutionPlan.Inline && payload <= InPlaceBytes;
        if (inPlace && input.Count < _headerBytes + payload)
            return Step.NeedMore;

        input.Consume(_headerBytes);
        if (inPlace)
        {
            ExecuteHere(request, input.Available[..payload]);
            input.Consume(payload);
            return Step.Done;
        }

        return ReceiveAndServe(request, payload);
    }

    // The rest of a large write is received straight to its buffer.
    [HotPath]
    private Step ReceiveAndServe(in RequestHeader request, int payload)
    {
        RequestBuffer buffer = replies.Rent(payload);
        if (input.Count < payload)
            output.Flush();   // The client may wait for these before it sends the rest.
        if (!input.ReceiveExactly(wire, buffer.Payload(payload)))
        {
            replies.GiveBack(buffer);
            return Step.End;
        }

        if (plan == ExecutionPlan.Inline)
        {
            ExecuteHere(request, buffer.Payload(payload));
            replies.GiveBack(buffer);
        }
        else if (plan == ExecutionPlan.Workers)
        {
            HandOn(request, buffer, payload);
        }
        else
        {
            dispatcher.StartAsync(request, buffer, payload);
        }

        return Step.Done;
    }

    [HotPath]
    private void HandOn(in RequestHeader request, RequestBuffer? payload, int payloadBytes) =>
        dispatcher.HandToWorker(request, payload, payloadBytes);

    // A request with a payload is answered only when that was read and dropped, for the stream must go on behind it.
    private Step RefuseRequest(in RequestHeader request, ulong payload, Errno errno, string reason)
    {
        if (payload > Nbd.MaximumSkippedBytes)
        {
            string name = WireName.Of(request.Command);
            Log.Error($"client sent {name} with a payload of {payload} bytes: closing the connection");
            return Step.End;
        }

        input.Consume(_headerBytes);
        if (input.Count < (long)payload)
            output.Flush();
        if (!input.Skip(wire, (long)payload))
            return Step.End;
        string range = $"offset={request.Offset} count={request.Length}";
        Log.Error($"invalid request: {WireName.Of(request.Command)}: {reason} ({range})");
        replies.Error(request, errno, reason);
        return Step.Done;
    }

    // Extended headers: the header's length is that of the payload, which holds the effect's length and the contexts
    // asked for.
    private Step ServeBlockStatusPayload(in RequestHeader header)
    {
        const int Longest = EffectLengthBytes + ContextIdBytes;
        if (header.Length > Longest || !terms.Has(TransmissionFlags.BlockStatusPayload))
            return RefuseRequest(header, header.Length, Errno.EINVAL, "the payload does not fit what was negotiated");
        int length = (int)header.Length;
        if (input.Count < _headerBytes + length)
            return Step.NeedMore;

        ReadOnlySpan<byte> payload = input.Available.Slice(_headerBytes, length);
        bool valid = length == Longest
            && BinaryPrimitives.ReadUInt32BigEndian(payload[EffectLengthBytes..])
            == Nbd.AllocationContextId;
        if (!valid)
            return RefuseRequest(header, header.Length, Errno.EINVAL, "the payload names no negotiated context");

        RequestHeader request = header;
        request.Length = BinaryPrimitives.ReadUInt64BigEndian(payload);
        Errno verdict = RequestRules.Check(request, terms, out string reason);
        if (verdict != Errno.Ok)
            return RefuseRequest(header, header.Length, verdict, reason);
        input.Consume(_headerBytes + length);
        Serve(request);
        return Step.Done;
    }
}
