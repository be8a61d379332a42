// Bounds the bytes of requests under way in the whole process. Not: where the bytes lie (BufferPool).

using System;
using System.Threading;

namespace NbdFast.Buffers;

/// <summary>
/// A budget of bytes that connections share. A connection that holds nothing always gets what it asks for, so that each makes
/// progress whatever the others do; beyond that it waits for its turn. When somebody waits long, <see cref="OnStarved"/>
/// lets the server cut off whoever sits on replies that it does not read.
/// </summary>
internal sealed class ByteBudget(long limitBytes)
{
    private const int StarvedAfterMs = 5000;

    private readonly Lock _lock = new();
    private readonly ManualResetEventSlim _given = new(true);
    private long _used;

    /// <summary>Bytes handed out.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>The bound in bytes; a first request of a connection may go over it.</summary>
    public long Limit => limitBytes;

    /// <summary>Called, on the waiting thread, each time a request has waited for five more seconds.</summary>
    public Action? OnStarved { get; set; }

    /// <summary>Takes bytes if they are free, or if the connection holds none.</summary>
    public bool TryTake(long bytes, ref long heldByConnection)
    {
        lock (_lock)
        {
            if (heldByConnection > 0 && _used + bytes > limitBytes)
            {
                _given.Reset();
                return false;
            }

            _used += bytes;
            heldByConnection += bytes;
            return true;
        }
    }

    /// <summary>Takes bytes, waiting until they are free.</summary>
    public void Take(long bytes, ref long heldByConnection)
    {
        while (!TryTake(bytes, ref heldByConnection))
            if (!_given.Wait(StarvedAfterMs))
                OnStarved?.Invoke();
    }

    /// <summary>Gives bytes back.</summary>
    public void Give(long bytes, ref long heldByConnection)
    {
        lock (_lock)
        {
            _used -= bytes;
            heldByConnection -= bytes;
            if (!_given.IsSet)
                _given.Set();
        }
    }
}
