// The threads that serve requests which may block. Not: how many of one connection (RequestDispatcher).

using System;
using System.Threading;

namespace NbdFast.Server;

/// <summary>
/// Threads shared by all connections, made when there is work and nobody is free, ended after idling for a while. A
/// worker that becomes free looks for more work first, so that few of them run hot.
/// </summary>
internal sealed class WorkerPool
{
    /// <summary>Bytes of a worker's stack: enough for any unit, little enough to be locked in memory.</summary>
    public const int StackBytes = 256 << 10;

    private const int MaximumThreads = 4096;
    private const int IdleMs = 60_000;   // Making a thread again and again would cost more than keeping it.

    private readonly object _lock = new();
    private RequestSlot? _first;
    private RequestSlot? _last;
    private int _queued;
    private int _running;
    private int _threads;

    /// <summary>Adds a request at the end of the queue.</summary>
    [HotPath]
    public void Enqueue(RequestSlot slot)
    {
        bool nobodyElse;
        lock (_lock)
        {
            if (_last == null)
                _first = slot;
            else
                _last.Next = slot;
            _last = slot;
            _queued++;
            // Never more threads than requests: one that was just made, or woken, counts before it gets to run.
            if (_threads < _queued + _running && _threads < MaximumThreads)
                StartThread();
            else
                Monitor.Pulse(_lock);
            nobodyElse = _threads == 0;
        }

        if (nobodyElse)
            ServeQueueHere();
    }

    // The system has no thread to give: those that exist serve the queue, and without any whoever asked does.
    private void StartThread()
    {
        try
        {
            Thread thread = new(Work, StackBytes) { IsBackground = true, Name = "worker" };
            thread.Start();
            _threads++;
        }
        catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
        {
            Log.Debug($"no further worker thread: {_threads} go on");
        }
    }

    private void ServeQueueHere()
    {
        while (true)
        {
            RequestSlot slot;
            lock (_lock)
            {
                if (_first == null)
                    return;
                slot = TakeFirst();
                _running--;   // Counts workers only.
            }

            slot.Run();
        }
    }

    private void Work()
    {
        for (bool ran = false; Next(ran) is { } slot; ran = true)
            slot.Run();
    }

    private RequestSlot? Next(bool ran)
    {
        lock (_lock)
        {
            if (ran)
                _running--;
            while (_first == null)
            {
                if (!Monitor.Wait(_lock, IdleMs) && _first == null)
                {
                    _threads--;
                    return null;
                }
            }

            return TakeFirst();
        }
    }

    [HotPath]
    private RequestSlot TakeFirst()
    {
        RequestSlot slot = _first!;
        _first = slot.Next;
        if (_first == null)
            _last = null;
        slot.Next = null;
        _queued--;
        _running++;
        return slot;
    }
}
