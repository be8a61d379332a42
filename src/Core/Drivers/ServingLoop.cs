// One thread that serves many connections in turn. Not: how it learns which has something to do (EpollLoop, UringLoop).

using System;
using System.Collections.Generic;
using System.Threading;

namespace NbdFast.Drivers;

/// <summary>
/// A loop over connections that never waits for one of them. Whatever would wait (a client that does not take its
/// replies, a large payload that is still coming, the end of a connection) goes to a thread of its own. Where a request
/// turns out to be stuck, the role of running the loop moves on to another thread.
/// </summary>
internal abstract class ServingLoop : Work, IDisposable
{
    private readonly LoopDriver _driver;
    private readonly ServingThreads _threads;
    private readonly StuckWatch _watch;
    private readonly Lock _lock = new();
    private readonly List<int> _freeSlots = [];
    private Served?[] _slots = new Served?[64];
    private int _usedSlots;
    private int _count;
    private int _current = -1;
    private volatile bool _stopping;
    private bool _watched;
    private LoopLoad _load;
    private ReadRing? _reads;
    private ServingLoop? _other;
    private int _toShare;

    protected ServingLoop(LoopDriver driver, ServingThreads threads, StuckWatch watch)
    {
        _driver = driver;
        _threads = threads;
        _watch = watch;
        Role = new Role(new GoOn(this));
    }

    /// <summary>How many connections the loop has.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The role of running the loop.</summary>
    protected Role Role { get; }

    protected bool IsStopping => _stopping;

    /// <summary>The reads that the thread has under way.</summary>
    protected ReadRing Reads => _reads!;

    /// <summary>Adds a connection that nobody serves. From any thread.</summary>
    /// <returns>False if the system refuses.</returns>
    public bool TryAdd(Served connection)
    {
        int slot;
        lock (_lock)
        {
            if (_freeSlots.Count > 0)
            {
                slot = _freeSlots[^1];
                _freeSlots.RemoveAt(_freeSlots.Count - 1);
            }
            else
            {
                slot = _usedSlots++;
                if (slot == _slots.Length)
                    Array.Resize(ref _slots, 2 * slot);
            }

            _slots[slot] = connection;
            Volatile.Write(ref _count, _count + 1);
        }

        connection.Rest();
        if (TryWatch(connection, slot))
            return true;
        Free(slot);
        return false;
    }

    /// <summary>Half of the connections go to another loop, each when it has been served the next time.</summary>
    public void Share(ServingLoop other)
    {
        _other = other;
        _toShare = Count / 2;
    }

    /// <summary>Ends the loop soon.</summary>
    public void Stop()
    {
        _stopping = true;
        Interrupt();
    }

    /// <summary>Runs the loop on the calling thread until it is stopped or the role moves on.</summary>
    public override void Run()
    {
        if (!_watched)
            _watch.Add(Role);
        _watched = true;
        using ReadRing reads = new();
        _reads = reads;
        bool hasRole = true;
        while (hasRole && !_stopping)
            hasRole = RunTurn();
        if (!hasRole)
            return;   // Another thread runs the loop now.
        _watch.Remove(Role);
        Dispose();
    }

    /// <summary>Frees what the loop has from the system.</summary>
    public abstract void Dispose();

    /// <summary>Waits for connections that have something to do, and serves each once.</summary>
    /// <returns>False if the role has moved on.</returns>
    protected abstract bool RunTurn();

    /// <summary>Lets the loop hear of a connection. From any thread.</summary>
    protected abstract bool TryWatch(Served connection, int slot);

    /// <summary>Lets the loop hear of it no more.</summary>
    protected abstract void Unwatch(Served connection, int slot);

    /// <summary>Wakes the loop. From any thread.</summary>
    protected abstract void Interrupt();

    /// <summary>The loop begins to serve.</summary>
    [HotPath]
    protected void BeginTurn()
    {
        Role.Enter();
        _watch.StayAwake();
        if (_load.EndWait())
            _driver.Relieve(this);
    }

    /// <summary>The loop is about to wait.</summary>
    [HotPath]
    protected void EndTurn()
    {
        Role.Leave();
        _load.BeginWait();
    }

    /// <summary>The connection of a slot, or null if it has left meanwhile.</summary>
    [HotPath]
    protected Served? At(int slot)
    {
        lock (_lock)
            return _slots[slot];
    }

    /// <summary>Serves what a connection has received.</summary>
    /// <returns>What became of it; <see cref="Pause.NeedsBytes"/> if it stays here.</returns>
    [HotPath]
    protected Pause Serve(int slot, Served connection)
    {
        _current = slot;
        connection.Reads = _reads;
        Pause pause = connection.Serve(Role, mayWait: false);
        switch (pause)
        {
            case Pause.Lost:
                return pause;
            case Pause.NeedsBytes:
                if (_toShare > 0)
                    return MoveOn(slot, connection);
                connection.Rest();
                break;
            case Pause.NeedsThread:
                connection.IsOffLoop = true;
                PassOn(slot, connection.ThreadWork);
                break;
            default:
                PassOn(slot, connection.EndWork);
                break;
        }

        _current = -1;
        return pause;
    }

    /// <summary>The connection has come to its end.</summary>
    protected void End(int slot, Served connection) => PassOn(slot, connection.EndWork);

    private Pause MoveOn(int slot, Served connection)
    {
        _toShare--;
        _current = -1;
        Unwatch(connection, slot);
        Free(slot);
        if (!_other!.TryAdd(connection))
            _threads.Enqueue(connection.ThreadWork);
        return Pause.NeedsThread;   // As far as this loop is concerned.
    }

    // From here on a thread has the connection.
    private void PassOn(int slot, Work work)
    {
        Unwatch(At(slot)!, slot);
        Free(slot);
        _threads.Enqueue(work);
    }

    private void Free(int slot)
    {
        lock (_lock)
        {
            _slots[slot] = null;
            _freeSlots.Add(slot);
            Volatile.Write(ref _count, _count - 1);
        }
    }

    // The connection whose request is stuck gets a thread of its own, and the loop goes on with the others.
    private void TakeOver()
    {
        int slot = _current;
        _current = -1;
        Served connection = At(slot)!;
        connection.TakeOver();
        connection.IsOffLoop = true;
        PassOn(slot, connection.ThreadWork);
        Run();
    }

    private sealed class GoOn(ServingLoop loop) : Work
    {
        public override void Run() => loop.TakeOver();
    }
}
