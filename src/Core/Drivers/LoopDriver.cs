// The loops, one for each core, and which connection goes to which. Not: a loop's turns (ServingLoop).

using System;
using System.Threading;
using NbdFast.Buffers;
using NbdFast.Diagnostics;

namespace NbdFast.Drivers;

/// <summary>Loops that serve many connections on one thread each. They are made when the first connection needs
/// them.</summary>
internal sealed class LoopDriver : IDisposable
{
    private readonly IoChoice _choice;
    private readonly ServingThreads _threads;
    private readonly StuckWatch _watch;
    private readonly BufferPool _buffers;
    private readonly Lock _lock = new();
    private readonly ServingLoop?[] _loops = new ServingLoop?[
        DebugFlags.Loops > 0 ? DebugFlags.Loops : Environment.ProcessorCount];
    private bool _disposed;

    /// <summary>Makes no loop yet.</summary>
    public LoopDriver(IoChoice choice, ServingThreads threads, StuckWatch watch, BufferPool buffers)
    {
        _choice = choice;
        _threads = threads;
        _watch = watch;
        _buffers = buffers;
    }

    /// <summary>Gives a connection that is not served by anybody to the loop that has the fewest.</summary>
    /// <returns>False if there is no loop to be had: the connection stays with the caller.</returns>
    public bool TryAdd(Served connection)
    {
        ServingLoop? loop;
        lock (_lock)
            loop = _disposed ? null : Choose();
        return loop != null && loop.TryAdd(connection);
    }

    /// <summary>Ends the loops; they have no connections any more.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (ServingLoop? loop in _loops)
                loop?.Stop();
        }
    }

    private ServingLoop? Choose()
    {
        int best = 0;
        for (int i = 0; i < _loops.Length; i++)
        {
            if (_loops[i] == null)
            {
                if (_loops[best] is { Count: 0 })
                    break;   // An empty one is as good as a new one.
                best = i;
                break;
            }

            if (_loops[i]!.Count < _loops[best]!.Count)
                best = i;
        }

        if (_loops[best] is { } loop)
            return loop;
        if (!TryMake(out ServingLoop? made))
            return null;
        _loops[best] = made;
        return made;
    }

    private bool TryMake(out ServingLoop? loop)
    {
        loop = null;
        Errno errno = Errno.ENOSYS;
        if (_choice == IoChoice.Uring)
        {
            errno = UringLoop.TryCreate(_threads, _watch, _buffers, out loop);
            if (errno != Errno.Ok)
                Log.Debug($"no io_uring: {errno.Text()}: epoll is used instead");
        }

        if (errno != Errno.Ok)
            errno = EpollLoop.TryCreate(_threads, _watch, out loop);
        if (errno != Errno.Ok)
            Log.Debug($"no loop for connections: {errno.Text()}");
        else
            _threads.Enqueue(loop!);
        return errno == Errno.Ok;
    }
}
