// Drops a client that takes too long to negotiate. Not: timeouts of requests, of which there are none.

using System;
using System.Threading;

namespace NbdFast.Server;

/// <summary>The bound of <c>--timeout</c>, from accept to the end of the handshake: however the client dawdles, byte
/// by byte or by not reading, the connection is broken off.</summary>
internal sealed class HandshakeTimeout : IDisposable
{
    private readonly Timer _timer;
    private int _expired;

    /// <summary>Begins to count.</summary>
    public HandshakeTimeout(NbdConnection connection, TimeSpan limit)
    {
        string? context = Log.Context;
        _timer = new Timer(
            _ =>
            {
                Interlocked.Exchange(ref _expired, 1);
                string? own = Log.Context;
                Log.Context = context;
                Log.Error("the client did not negotiate in time: closing the connection");
                Log.Context = own;   // The thread goes back to its pool.
                connection.Abort();
            },
            null,
            limit,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>The time has run out.</summary>
    public bool HasExpired => Volatile.Read(ref _expired) != 0;

    /// <summary>The handshake is over.</summary>
    public void Dispose() => _timer.Dispose();
}
