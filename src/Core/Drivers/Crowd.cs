// How many connections there are, and what that means for their drivers. Not: who they are (Server/ConnectionSet).

using System;
using System.Threading;

namespace NbdFast.Drivers;

/// <summary>Counts connections, and those of them whose thread is awake.</summary>
internal sealed class Crowd(IoChoice choice)
{
    // Measured: up to two connections a core, threads of their own are as good as loops and take fewer steps.
    private static readonly int MostThreads = 2 * Environment.ProcessorCount;

    private int _connections;
    private int _awake;

    /// <summary>Connections are to be served by loops.</summary>
    public bool WantsLoops =>
        choice switch
        {
            IoChoice.Auto => Volatile.Read(ref _connections) > MostThreads,
            IoChoice.Threads => false,
            _ => true,
        };

    /// <summary>No other connection has a thread that is awake.</summary>
    public bool IsAlone => Volatile.Read(ref _awake) <= 1;

    /// <summary>A connection enters its transmission phase.</summary>
    public void Enter() => Interlocked.Increment(ref _connections);

    /// <summary>It has ended.</summary>
    public void Leave() => Interlocked.Decrement(ref _connections);

    /// <summary>The thread of a connection has something to do.</summary>
    [HotPath]
    public void Wake() => Interlocked.Increment(ref _awake);

    /// <summary>It waits.</summary>
    [HotPath]
    public void Sleep() => Interlocked.Decrement(ref _awake);
}
