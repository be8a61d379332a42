// The loops, at most one for each core, and which connection goes to which. Not: a loop's turns (ServingLoop).

using System;
using System.Threading;
using NbdFast.Buffers;
using NbdFast.Diagnostics;

namespace NbdFast.Drivers;

/// <summary>Loops that serve many connections on one thread each. The first is made when a connection needs it, others
/// when it is busy.</summary>
internal sealed class LoopDriver : IDisposable
{
    private readonly IoChoice _choice;
    private readonly ServingThreads _threads;
    private readonly StuckWatch _watch;
    private readonly BufferPool _buffers;
    private readonly Lock _lock = new();
    private readonly ServingLoop?[] _loops = new ServingLoop?[
        DebugFlags.Loops > 0 ? DebugFlags.Loops : Environment.ProcessorCount];
    private readonly SpareCores _spare = new();
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

    /// <summary>A loop has hardly waited lately: where a core has nothing to do, another loop gets half of its
    /// connections.</summary>
    public void Relieve(ServingLoop busy)
    {
        lock (_lock)
        {
            if (_disposed || !_spare.HasOne() || busy.Count < 2)
                return;
            ServingLoop? other = Choose();
            if (other == busy || other!.Count > busy.Count / 2)
                other = Make();
            if (other != null && other != busy)
                busy.Share(other);
        }
    }

    /// <summary>Ends the loops; they have no connections any more.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (ServingLoop? loop in _loops)
                loop?.Stop();
            _spare.Dispose();
        }
    }

    // The first one is enough until it is busy.
    private ServingLoop? Choose()
    {
        ServingLoop? best = null;
        foreach (ServingLoop? loop in _loops)
            if (loop != null && (best == null || loop.Count < best.Count))
                best = loop;
        return best ?? Make();
    }

    private ServingLoop? Make()
    {
        int free = Array.IndexOf(_loops, null);
        if (free < 0 || !TryMake(out ServingLoop? made))
            return null;
        _loops[free] = made;
        return made;
    }

    private bool TryMake(out ServingLoop? loop)
    {
        loop = null;
        Errno errno = Errno.ENOSYS;
        if (_choice == IoChoice.Uring)
        {
            errno = UringLoop.TryCreate(this, _threads, _watch, _buffers, out loop);
            if (errno != Errno.Ok)
                Log.Debug($"no io_uring: {errno.Text()}: epoll is used instead");
        }

        if (errno != Errno.Ok)
            errno = EpollLoop.TryCreate(this, _threads, _watch, out loop);
        if (errno != Errno.Ok)
            Log.Debug($"no loop for connections: {errno.Text()}");
        else
            _threads.Enqueue(loop!);
        return errno == Errno.Ok;
    }
}
