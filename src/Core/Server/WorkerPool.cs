// The threads that serve requests which may block. Not: how many of one connection (RequestDispatcher).

using System;
using System.Threading;

namespace NbdFast.Server;

/// <summary>
/// Threads shared by all connections, made when there is work and nobody is free, ended after idling for a while. A worker
/// that becomes free looks for more work first, so that few of them run hot.
/// </summary>
internal sealed class WorkerPool
{
    /// <summary>Bytes of a worker's stack: enough for any unit, little enough to be locked in memory.</summary>
    public const int StackBytes = 256 << 10;

    private const int MaximumThreads = 4096;
    private const int IdleMs = 10_000;

    private readonly object _lock = new();
    private RequestSlot? _first;
    private RequestSlot? _last;
    private int _queued;
    private int _idle;
    private int _threads;

    /// <summary>Adds a request at the end of the queue.</summary>
    [HotPath]
    public void Enqueue(RequestSlot slot)
    {
        lock (_lock)
        {
            if (_last == null)
                _first = slot;
            else
                _last.Next = slot;
            _last = slot;
            _queued++;
            if (_idle >= _queued)
                Monitor.Pulse(_lock);
            else if (_threads < MaximumThreads)
                StartThread();
            else
                Monitor.Pulse(_lock);
        }
    }

    // If the system has no more threads, those that exist serve the queue; without any there is nothing left to do.
    private void StartThread()
    {
        try
        {
            Thread thread = new(Work, StackBytes) { IsBackground = true, Name = "worker" };
            thread.Start();
            _threads++;
        }
        catch (OutOfMemoryException) when (_threads > 0)
        {
            Log.Debug($"no further worker thread: {_threads} go on");
        }
    }

    private void Work()
    {
        while (Next() is { } slot)
            slot.Run();
    }

    private RequestSlot? Next()
    {
        lock (_lock)
        {
            while (_first == null)
            {
                _idle++;
                bool woken = Monitor.Wait(_lock, IdleMs);
                _idle--;
                if (!woken && _first == null)
                {
                    _threads--;
                    return null;
                }
            }

            RequestSlot slot = _first;
            _first = slot.Next;
            if (_first == null)
                _last = null;
            slot.Next = null;
            _queued--;
            return slot;
        }
    }
}
