// A thread for each connection, and the door to the loops. Not: what is received (Served).

using System.Diagnostics;
using NbdFast.Native;

namespace NbdFast.Drivers;

/// <summary>Serves a connection on the calling thread, which waits whenever the connection does. The fastest way for
/// few connections; where they are many it passes them on to the loops.</summary>
internal sealed class ThreadDriver(Crowd crowd, StuckWatch watch, LoopDriver loops)
{
    // A connection that a loop has just given to a thread, because it needs one, stays there while it is busy.
    private const int BusyMs = 2;

    private const int PauseMs = 1;

    // In place of a received count: the connection has been given to a loop.
    private const nint GivenToLoop = int.MinValue;

    /// <summary>Serves the connection until it ends or another thread takes it.</summary>
    public void Drive(Served connection)
    {
        Role role = connection.Role;
        SpinRule spin = new();
        nint received = 0;
        using ReadRing reads = new();
        connection.Reads = connection.Descriptor >= 0 ? reads : null;
        crowd.Wake();
        while (true)
        {
            role.Enter();
            watch.StayAwake();
            Pause pause = connection.Serve(role, mayWait: !reads.IsBusy);
            if (pause == Pause.Lost)
                break;
            role.Leave();
            if (pause == Pause.NeedsThread)
            {
                reads.WaitForOne(PauseMs);   // What it waits for may also be a worker, or the client.
                continue;
            }

            received = pause == Pause.Ended ? 0 : Receive(connection, reads, ref spin, received);
            if (received == GivenToLoop)
                break;
            if (received > 0)
                continue;
            reads.Finish();
            connection.End();
            break;
        }

        crowd.Sleep();
    }

    [HotPath]
    private nint Receive(Served connection, ReadRing reads, ref SpinRule spin, nint last)
    {
        connection.ClientWaits = false;
        if (reads.IsBusy)
            return ReceiveBetweenReads(connection, reads);
        if (crowd.WantsLoops && connection.Descriptor >= 0)
            return ReceiveOrPassOn(connection);
        bool isWorthIt = connection.Descriptor >= 0 || spin.SuitsRecords(last);
        if (isWorthIt && spin.Spins(crowd))
        {
            nint found = ReceiveSoon(connection);
            spin.Learn(found != -(nint)Errno.EAGAIN);
            if (found != -(nint)Errno.EAGAIN)
                return found;
        }

        crowd.Sleep();
        nint received = connection.Receive(wait: true);
        crowd.Wake();
        return received;
    }

    [HotPath]
    private nint ReceiveBetweenReads(Served connection, ReadRing reads)
    {
        crowd.Sleep();
        nint received;
        do
        {
            reads.WaitFor(connection.Descriptor);
            received = connection.Receive(wait: false);
        }
        while (received == -(nint)Errno.EAGAIN);
        crowd.Wake();
        return received;
    }

    [HotPath]
    private nint ReceiveSoon(Served connection)
    {
        long end = SpinRule.End();
        nint received = connection.Receive(wait: false);
        if (received != -(nint)Errno.EAGAIN)
            return received;
        connection.ClientWaits = true;
        do
            received = connection.Receive(wait: false);
        while (received == -(nint)Errno.EAGAIN && Stopwatch.GetTimestamp() < end && crowd.IsAlone);
        return received;
    }

    private nint ReceiveOrPassOn(Served connection)
    {
        nint received = connection.Receive(wait: false);
        if (received != -(nint)Errno.EAGAIN)
            return received;
        if (connection.IsOffLoop && Libc.PollForReading([connection.Descriptor], stackalloc bool[1], BusyMs) > 0)
            return connection.Receive(wait: true);
        connection.IsOffLoop = false;
        if (loops.TryAdd(connection))
            return GivenToLoop;
        return connection.Receive(wait: true);
    }
}
