// The requests of one connection that are under way off the receiving thread, or in its ring. Not: the threads
// (Drivers/ServingThreads), the ring (Drivers/ReadRing).

using System;
using System.Threading;
using NbdFast.Buffers;
using NbdFast.Chain;
using NbdFast.Drivers;
using NbdFast.Protocol;
using NbdFast.Transport;

namespace NbdFast.Server;

/// <summary>Hands requests on, to workers or to the ring of the thread that received them, at most so many at a time,
/// and knows when none is left.</summary>
/// <param name="chain">What serves them.</param>
/// <param name="executor">How it is asked.</param>
/// <param name="replies">Where replies go.</param>
/// <param name="output">What sends them.</param>
/// <param name="workers">The threads.</param>
/// <param name="limit">The most on threads, or started.</param>
/// <param name="most">The most together with those in the ring.</param>
internal sealed class RequestDispatcher(
    ChainNext chain, RequestExecutor executor, ReplyWriter replies, SendQueue output, ServingThreads workers, int limit,
    int most)
    : IBurstEnd
{
    // Measured: below it the disk's time counts, and one thread can have many reads under way. Above it copying does,
    // for which several threads are better.
    private const uint LargestRingRead = 32 << 10;

    private const int MostMadeBeforehand = 256;

    private readonly object _lock = new();
    private RequestSlot? _free;
    private FlushWork? _flush;
    private int _underWay;
    private int _reading;

    /// <summary>What messages about these requests begin with.</summary>
    public string? LogContext { get; init; }

    public ChainNext Chain => chain;

    public RequestExecutor Executor => executor;

    public ReplyWriter Replies => replies;

    /// <summary>What is noted of holes on a buffer that was read into is true.</summary>
    public bool MarksHoles { get; } = chain.Reader.MarksHoles;

    /// <summary>One more request is allowed.</summary>
    public bool HasRoom
    {
        get
        {
            int underWay = Volatile.Read(ref _underWay);
            return underWay < limit && underWay + Volatile.Read(ref _reading) < most;
        }
    }

    /// <summary>Makes the slots beforehand, so that no request makes one.</summary>
    public void MakeSlots()
    {
        for (int made = 0; made < Math.Min(limit, MostMadeBeforehand); made++)
            _free = new RequestSlot(this) { Next = _free };
    }

    /// <summary>Hands a request to a worker. Waits while as many as are allowed are under way.</summary>
    [HotPath]
    public void HandToWorker(in RequestHeader request, RequestBuffer? payload, int payloadBytes) =>
        workers.Enqueue(TakeSlot(request, payload, payloadBytes));

    /// <summary>Starts a request's asynchronous operation. Waits as <see cref="HandToWorker"/> does.</summary>
    [HotPath]
    public void StartAsync(in RequestHeader request, RequestBuffer? payload, int payloadBytes) =>
        TakeSlot(request, payload, payloadBytes).Start();

    /// <summary>Starts a read in a ring, if it is one of a file and not large, and there is room for it.</summary>
    /// <param name="reads">The calling thread's ring.</param>
    /// <param name="request">An allowed request.</param>
    /// <param name="wantHoles">The client takes holes.</param>
    /// <returns>False if it was not started.</returns>
    [HotPath]
    public bool TryStartRead(ReadRing reads, in RequestHeader request, bool wantHoles)
    {
        if (request.Command != NbdCommand.Read || request.Length > LargestRingRead || !executor.ReadsNow)
            return false;
        try
        {
            Loan file = chain.Lend((uint)request.Length, request.Offset, wantHoles);
            return file.Kind == LoanKind.File && file.Length >= request.Length && TryStartRead(reads, request, file);
        }
#pragma warning disable CA1031 // A worker meets it again, and tells it.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    [HotPath]
    private bool TryStartRead(ReadRing reads, in RequestHeader request, Loan file)
    {
        int count = (int)request.Length;
        if (!HasRoom || !reads.CanStart() || !replies.TryRent(count, out RequestBuffer? buffer))
            return false;
        RequestSlot slot = TakeReadSlot();
        slot.Load(request, buffer, count);
        reads.Start(slot, file.Descriptor, buffer!.PayloadAddress, count, file.FileOffset);
        return true;
    }

    /// <summary>A request turns out to be stuck on the thread that received it: it is one of those under
    /// way.</summary>
    public void CountStuck()
    {
        lock (_lock)
            _underWay++;
    }

    /// <summary>Such a request has been run: sends its reply. It may end before it was counted.</summary>
    public void EndStuck()
    {
        output.Flush();
        lock (_lock)
        {
            _underWay--;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Returns when no request is under way.</summary>
    public void WaitForAll()
    {
        lock (_lock)
            while (_underWay + _reading > 0)
                Monitor.Wait(_lock);
    }

    /// <summary>A request's reply is queued: sends it, together with what else is there.</summary>
    [HotPath]
    internal void Ended(RequestSlot slot)
    {
        if (!Burst.Defer(this))
            output.Flush();
        lock (_lock)
        {
            slot.Next = _free;
            _free = slot;
            _underWay--;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>A read is no longer in a ring: it is one of the others until it has <see cref="Ended"/>.</summary>
    [HotPath]
    internal void LeftRing()
    {
        lock (_lock)
        {
            _reading--;
            _underWay++;
        }
    }

    /// <summary>Replies of a burst go together. Whoever has the burst serves others too: a client that does not take
    /// its replies gets a thread to wait for it.</summary>
    [HotPath]
    public void EndBurst()
    {
        if (!output.FlushNow())
            LeaveToWorker();
    }

    /// <summary>Makes room for replies as far as the client takes them at once.</summary>
    [HotPath]
    internal void MakeRoom() => output.FlushNow();

    /// <summary>The next reply can be appended without waiting for the client, as far as can be foreseen.</summary>
    [HotPath]
    internal bool HasRoomForReply() => output.HasRoom();

    /// <summary>Has a worker go on with a request.</summary>
    internal void HandOver(RequestSlot slot) => workers.Enqueue(slot);

    private void LeaveToWorker()
    {
        FlushWork flush;
        lock (_lock)
            flush = _flush ??= new FlushWork(output);
        if (flush.TryTake() && !workers.TryEnqueue(flush))
            flush.Run();
    }

    // Ends the burst before it waits: what it waits for may not have been sent yet.
    private void WaitForRoom()
    {
        Burst.SendNow();
        lock (_lock)
            while (!HasRoom)
                Monitor.Wait(_lock);
    }

    [HotPath]
    private RequestSlot TakeSlot(in RequestHeader request, RequestBuffer? payload, int payloadBytes)
    {
        RequestSlot slot;
        if (!HasRoom)
            WaitForRoom();
        lock (_lock)
        {
            while (!HasRoom)
                Monitor.Wait(_lock);
            _underWay++;
            slot = TakeFree();
        }

        slot.Load(request, payload, payloadBytes);
        return slot;
    }

    [HotPath]
    private RequestSlot TakeReadSlot()
    {
        lock (_lock)
        {
            RequestSlot slot = TakeFree();
            _reading++;
            return slot;
        }
    }

    // Called with the lock held.
    [HotPath]
    private RequestSlot TakeFree()
    {
        RequestSlot slot = _free ?? NewSlot();
        _free = (RequestSlot?)slot.Next;
        slot.Next = null;
        return slot;
    }

    // Only where more are allowed than were made beforehand: made once each.
    private RequestSlot NewSlot() => new(this);

    // In the queue at most once.
    private sealed class FlushWork(SendQueue output) : Work
    {
        private int _isTaken;

        public bool TryTake() => Interlocked.Exchange(ref _isTaken, 1) == 0;

        public override void Run()
        {
            Volatile.Write(ref _isTaken, 0);
            output.Flush();
        }
    }
}
