// What connections of one server share. Not: the server's life (NbdServer).

using System;
using NbdFast.Buffers;
using NbdFast.Chain;
using NbdFast.Drivers;
using NbdFast.Transport;

namespace NbdFast.Server;

/// <summary>What connections of one server share.</summary>
internal sealed class ServerContext : IDisposable
{
    // Each thread takes some 10 KiB of the collector's heap, which is bounded (NbdFast.Cli.csproj): these fit. Work
    // that finds no thread waits for one.
    private const int MostThreads = 8192;

    // nbd-client makes one, or up to so many; and swap is read and written in pieces of a page to half a megabyte.
    private const int ConnectionsAtOnce = 8;
    private const int SmallestSwapped = 4 << 10;
    private const int CommonSwapped = 256 << 10;
    private const int LargestSwapped = 512 << 10;

    private readonly LoopDriver _loops;

    /// <summary>Makes pools that have nothing in them yet, and drivers without threads.</summary>
    public ServerContext(ServerOptions options, ChainConfig chain, ByteBudget budget)
    {
        Options = options;
        Chain = chain;
        Budget = budget;
        Gate = new ConnectionGate(chain.ThreadModel);
        Crowd = new Crowd(options.Io);
        Watch = new StuckWatch(Threads);
        _loops = new LoopDriver(options.Io, Threads, Watch, Buffers);
        Driver = new ThreadDriver(Crowd, Watch, _loops);
    }

    public ServerOptions Options { get; }

    public ChainConfig Chain { get; }

    public ByteBudget Budget { get; }

    public ConnectionGate Gate { get; }

    public ServingThreads Threads { get; } = new("serving", MostThreads);

    public BufferPool Buffers { get; } = new();

    public SendBatchPool Batches { get; } = new();

    public Crowd Crowd { get; }

    public StuckWatch Watch { get; }

    public ThreadDriver Driver { get; }

    /// <summary>Makes what connections will take from the pools: threads, buffers of the sizes that the kernel's own
    /// client asks for, batches of replies.</summary>
    public void GetReadyForSwap()
    {
        Threads.Keep(Options.Threads + ConnectionsAtOnce);
        Watch.Start();
        for (int payload = SmallestSwapped; payload <= LargestSwapped; payload *= 2)
            Buffers.Fill(
                payload, payload <= CommonSwapped ? Options.Threads + ConnectionsAtOnce : ConnectionsAtOnce / 2);
        Batches.Fill(2 * ConnectionsAtOnce);
    }

    /// <summary>Ends the loops and the watch. Connections that a unit holds up may still use the rest.</summary>
    public void Dispose()
    {
        _loops.Dispose();
        Watch.Dispose();
        Gate.Dispose();
    }
}
