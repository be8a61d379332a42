// Puts sending off to the end of a burst of requests or replies on one thread. Not: what is sent (IBurstEnd).

using System;

namespace NbdFast;

/// <summary>
/// A thread that goes through many requests, or many replies, at once says so; whoever would send something for each
/// of them then sends once for all. The server opens a burst over the requests that one call received, where they are
/// only started (<see cref="Chain.ExecutionPlan.Async"/>); a unit opens one over the replies of its backend that one
/// call received. Whoever waits in a burst calls <see cref="SendNow"/> first: what it waits for may hang on what was
/// put off.
/// </summary>
public static class Burst
{
    [ThreadStatic]
    private static Pending? _pending;

    /// <summary>Opens a burst on the calling thread, up to the scope's end. One in another is part of it.</summary>
    [HotPath]
    public static Scope Begin()
    {
        Pending pending = _pending ?? Make();
        pending.Depth++;
        return new Scope(pending);
    }

    /// <summary>Puts something off to the end of the burst, once however often it is asked for.</summary>
    /// <returns>False if there is no burst: the caller does it at once.</returns>
    [HotPath]
    public static bool Defer(IBurstEnd work)
    {
        Pending? pending = _pending;
        if (pending == null || pending.Depth == 0)
            return false;
        pending.Add(work);
        return true;
    }

    /// <summary>Does at once what was put off; the burst goes on.</summary>
    [HotPath]
    public static void SendNow() => _pending?.Run();

    private static Pending Make() => _pending = new Pending();

    /// <summary>A burst.</summary>
    public readonly ref struct Scope : IDisposable
    {
        private readonly Pending _pending;

        internal Scope(Pending pending) => _pending = pending;

        /// <summary>Ends the burst, and does what was put off.</summary>
        [HotPath]
        public void Dispose()
        {
            if (_pending.Depth == 1)
                _pending.Run();
            _pending.Depth--;
        }
    }

    internal sealed class Pending
    {
        private IBurstEnd?[] _items = new IBurstEnd?[8];
        private int _count;
        private int _done;
        private bool _isRunning;

        public int Depth { get; set; }

        // Mostly it is the one that was added last.
        [HotPath]
        public void Add(IBurstEnd work)
        {
            for (int i = _count - 1; i >= _done; i--)
                if (ReferenceEquals(_items[i], work))
                    return;
            if (_count == _items.Length)
                Array.Resize(ref _items, 2 * _items.Length);
            _items[_count++] = work;
        }

        // What is done may put off more; that comes at the end of the same list.
        [HotPath]
        public void Run()
        {
            if (_isRunning)
                return;
            _isRunning = true;
            while (_done < _count)
            {
                IBurstEnd work = _items[_done]!;
                _items[_done++] = null;
                work.EndBurst();
            }

            _count = _done = 0;
            _isRunning = false;
        }
    }
}
