// Bounds the bytes of requests under way in the whole process. Not: where the bytes lie (BufferPool).

using System;
using System.Threading;

namespace NbdFast.Buffers;

/// <summary>
/// A budget of bytes that connections share. A connection that holds nothing always gets what it asks for, so that
/// each makes progress whatever the others do; beyond that it waits for its turn. When somebody waits long,
/// <see cref="OnStarved"/> lets the server cut off whoever sits on replies that it does not read.
/// </summary>
internal sealed class ByteBudget(long limitBytes)
{
    private const int StarvedAfterMs = 5000;

    private readonly object _lock = new();
    private long _used;
    private int _waiting;

    /// <summary>Bytes handed out.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>The bound in bytes; a first request of a connection may go over it.</summary>
    public long Limit => limitBytes;

    /// <summary>Called, on the waiting thread, each time a request has waited for five more seconds.</summary>
    public Action? OnStarved { get; set; }

    /// <summary>Takes bytes if they are free, or if the connection holds none.</summary>
    [HotPath]
    public bool TryTake(long bytes, ref long heldByConnection)
    {
        lock (_lock)
            return TakeIfFree(bytes, ref heldByConnection);
    }

    /// <summary>Takes bytes, waiting until they are free.</summary>
    public void Take(long bytes, ref long heldByConnection)
    {
        while (!TakeSoon(bytes, ref heldByConnection))
            OnStarved?.Invoke();   // Without the lock: whoever is cut off gives back what it holds.
    }

    /// <summary>Gives bytes back.</summary>
    [HotPath]
    public void Give(long bytes, ref long heldByConnection)
    {
        lock (_lock)
        {
            _used -= bytes;
            heldByConnection -= bytes;
            if (_waiting > 0)
                Monitor.PulseAll(_lock);   // Each of them may want another number of bytes.
        }
    }

    // False if nothing was free for so long that somebody must be starving.
    private bool TakeSoon(long bytes, ref long heldByConnection)
    {
        long end = Environment.TickCount64 + StarvedAfterMs;
        lock (_lock)
        {
            _waiting++;
            bool taken;
            while (!(taken = TakeIfFree(bytes, ref heldByConnection)))
            {
                long left = end - Environment.TickCount64;
                if (left <= 0)
                    break;
                Monitor.Wait(_lock, (int)left);
            }

            _waiting--;
            return taken;
        }
    }

    // Called with the lock held.
    [HotPath]
    private bool TakeIfFree(long bytes, ref long heldByConnection)
    {
        if (heldByConnection > 0 && _used + bytes > limitBytes)
            return false;
        _used += bytes;
        heldByConnection += bytes;
        return true;
    }
}
