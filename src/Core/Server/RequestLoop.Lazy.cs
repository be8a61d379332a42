// Requests of chains that may wait now and then, run where they were received. Not: how the role moves (Drivers/Role).

using System;
using NbdFast.Buffers;
using NbdFast.Drivers;
using NbdFast.Protocol;

namespace NbdFast.Server;

internal sealed partial class RequestLoop
{
    // Runs the request here, where nothing is lost if it does not wait. If it does, another thread takes the role, and
    // this one has only the reply left to send.
    [HotPath]
    private Step ExecuteLazily(Role role, in RequestHeader request, RequestBuffer? payload, int payloadBytes)
    {
        bool handsOn = MustHandOn();
        ReadRing? reads = Reads;   // Another thread's, as soon as the role is lost.
        if (handsOn && (reads == null || request.Command != NbdCommand.Read))
        {
            dispatcher.HandToWorker(request, payload, payloadBytes);
            return Step.Done;
        }

        if (!handsOn && !output.HasRoom())
            output.Flush();   // Not while the request counts as running.
        ExtentList? extents = _extents;
        long turn = role.Begin();
        bool isServed = !handsOn && executor.Execute(
            request, payload == null ? default : payload.Payload(payloadBytes), ref extents, mayWait: false);
        if (!isServed && reads != null)
            isServed = dispatcher.TryStartRead(reads, request, terms.Mode != ReplyMode.Simple);
        bool keepsRole = role.End(turn);
        if (!keepsRole)
            reads?.Finish();   // Those may be of others, who must not wait for this connection's client.
        if (!keepsRole && !isServed)   // Nobody waits for this thread any more.
            isServed = executor.Execute(request, default, ref extents, mayWait: true);
        if (!isServed)
            dispatcher.HandToWorker(request, payload, payloadBytes);
        else if (payload != null)
            replies.GiveBack(payload);
        if (!keepsRole)
            return Lose(null);
        _extents = extents;
        return Step.Done;
    }

    // As above, for a write whose data lies in the receive buffer.
    [HotPath]
    private Step ExecuteInPlaceLazily(Role role, in RequestHeader request, ReadOnlySpan<byte> payload)
    {
        if (!output.HasRoom())
            output.Flush();
        RequestBuffer memory = input.Memory!;
        ExtentList? extents = null;   // A write has none.
        _runsInPlace = true;
        long turn = role.Begin();
        executor.Execute(request, payload, ref extents, mayWait: false);
        if (!role.End(turn))
            return Lose(memory);
        _runsInPlace = false;
        return Step.Done;
    }

    // Where the next requests go on where this one ends, in a place that the chain lends.
    [HotPath]
    private bool TryGather(in RequestHeader request, out Loan place)
    {
        place = Loan.None;
        bool mayFollow = input.Count >= 2 * (_headerBytes + (int)request.Length);
        if (!mayFollow || RequestExecutor.FlagsOf(request) != RequestFlags.None)
            return false;
        GatheredWrites writes = _gathered ??= NewGathered();
        writes.Collect(request, input.Available, _headerBytes, terms);
        if (writes.Count == 1)
            return false;
        place = _chain.LendForWrite((uint)writes.DataBytes, request.Offset);
        return place.Kind != LoanKind.None;
    }

    // For the first time, or after a thread that is stuck has kept the last.
    private static GatheredWrites NewGathered() => new();

    [HotPath]
    private Step WriteGathered(Role role, Loan place)
    {
        if (!output.HasRoom())
            output.Flush();
        GatheredWrites writes = _gathered!;
        RequestBuffer memory = input.Memory!;
        ReadOnlySpan<byte> received = input.Available[..writes.ReceivedBytes];
        input.Consume(writes.ReceivedBytes);
        _runsInPlace = true;
        long turn = role.Begin();
        bool isWritten = writes.Write(place);
        _chain.Written((uint)writes.DataBytes, writes.Requests[0].Offset);
        executor.Answer(writes.Requests, received, _headerBytes, isWritten);
        if (role.End(turn))
        {
            _runsInPlace = false;
            return Step.Done;
        }

        writes.Dispose();   // Whoever has the role now has its own.
        return Lose(memory);
    }

    private Step Lose(RequestBuffer? memory)
    {
        if (memory != null)
            input.Leave(memory);
        dispatcher.EndStuck();   // From here on the connection may be gone.
        return Step.Lost;
    }

    [HotPath]
    private bool MustHandOn()
    {
        if (_leftToHandOn == 0)
            return IsReading || !dispatcher.HasRoom;
        _leftToHandOn--;
        return true;
    }
}
