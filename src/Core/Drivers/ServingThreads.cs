// Threads for requests that may block and for connections that have one of their own. Not: how many requests of a
// connection (Server/RequestDispatcher), which connections (LoopDriver).

using System;
using System.Threading;

namespace NbdFast.Drivers;

/// <summary>
/// Threads shared by all connections, made when there is work and nobody is free, ended after idling for a while. A
/// thread that becomes free looks for more work first, so that few of them run hot.
/// </summary>
internal sealed class ServingThreads(string name, int mostThreads)
{
    /// <summary>Bytes of a thread's stack: enough for any unit, little enough to be locked in memory.</summary>
    public const int StackBytes = 256 << 10;

    private const int IdleMs = 60_000;   // Making a thread again and again would cost more than keeping it.

    private readonly object _lock = new();
    private Work? _first;
    private Work? _last;
    private int _queued;
    private int _running;
    private int _threads;
    private int _kept;

    /// <summary>A thread is free, or may be made: work that is added now need not wait for other work.</summary>
    public bool HasRoom
    {
        get
        {
            lock (_lock)
                return _threads > _queued + _running || _kept == 0;
        }
    }

    /// <summary>Makes threads beforehand, which stay however long they idle. From then on only
    /// <see cref="TryEnqueue(Work)"/> makes more: for connections, not for requests.</summary>
    public void Keep(int count)
    {
        lock (_lock)
        {
            for (int before = -1; _threads < count && _threads > before;)
            {
                before = _threads;
                StartThread();
            }

            _kept = count;
        }
    }

    /// <summary>Adds work at the end of the queue. Where the system has no thread to give, and none is there, the
    /// caller does it.</summary>
    [HotPath]
    public void Enqueue(Work work)
    {
        if (!TryEnqueue(work, mayGrow: _kept == 0))
            work.Run();
    }

    /// <summary>Adds work at the end of the queue.</summary>
    /// <returns>False if no thread is there to do it, and none can be made.</returns>
    [HotPath]
    public bool TryEnqueue(Work work) => TryEnqueue(work, mayGrow: true);

    [HotPath]
    private bool TryEnqueue(Work work, bool mayGrow)
    {
        lock (_lock)
        {
            // Never more threads than work: one that was just made, or woken, counts before it gets to run.
            if (mayGrow && _threads < _queued + 1 + _running && _threads < mostThreads)
                StartThread();
            else
                Monitor.Pulse(_lock);
            if (_threads == 0)
                return false;
            if (_last == null)
                _first = work;
            else
                _last.Next = work;
            _last = work;
            _queued++;
            return true;
        }
    }

    // The system has no thread to give: those that exist serve the queue.
    private void StartThread()
    {
        try
        {
            Thread thread = new(Serve, StackBytes) { IsBackground = true, Name = name };
            thread.Start();
            _threads++;
        }
        catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
        {
            Log.Debug($"no further {name} thread: {_threads} go on");
        }
    }

    private void Serve()
    {
        for (bool ran = false; Next(ran) is { } work; ran = true)
            work.Run();
    }

    private Work? Next(bool ran)
    {
        lock (_lock)
        {
            if (ran)
                _running--;
            while (_first == null)
            {
                if (!Monitor.Wait(_lock, IdleMs) && _first == null && _threads > _kept)
                {
                    _threads--;
                    return null;
                }
            }

            return TakeFirst();
        }
    }

    [HotPath]
    private Work TakeFirst()
    {
        Work work = _first!;
        _first = work.Next;
        if (_first == null)
            _last = null;
        work.Next = null;
        _queued--;
        _running++;
        return work;
    }
}
