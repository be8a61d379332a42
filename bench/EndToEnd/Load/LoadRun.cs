// A measurement: connect, fill, warm up, count for a while. Not: the server's start and end (Servers).

using System;
using System.Diagnostics;
using NbdFast.Bench.EndToEnd.Native;
using NbdFast.Native;

namespace NbdFast.Bench.EndToEnd.Load;

/// <summary>Loads a server and counts. Within the window nothing is allocated and no call is made but those of the load
/// itself and of the clock.</summary>
internal sealed class LoadRun : IDisposable
{
    private const int BufferBytes = 256 << 10;
    private const int SilenceMs = 10_000;

    private readonly LoadOptions _options;
    private readonly LatencyHistogram _latencies = new();
    private readonly NativeBuffer _buffer = new(BufferBytes);
    private readonly LoadConnection[] _connections;
    private readonly bool[] _watchesWriting;
    private readonly Readiness _ready;

    private LoadRun(LoadOptions options)
    {
        if (!Stopwatch.IsHighResolution || Stopwatch.Frequency != 1_000_000_000)
            throw new LoadException("the clock of this system does not count nanoseconds");
        _options = options;
        _connections = new LoadConnection[options.Connections];
        _watchesWriting = new bool[options.Connections];
        _ready = new Readiness(options.Connections);
        for (int i = 0; i < _connections.Length; i++)
        {
            _connections[i] = new LoadConnection(options, i, _latencies);
            _ready.Watch(_connections[i].Socket, i);
        }
    }

    /// <summary>Does it.</summary>
    /// <exception cref="LoadException">The server answered wrongly or not at all.</exception>
    public static LoadReport Measure(LoadOptions options)
    {
        if (options.Fill)
            DiskFiller.Fill(options);
        using LoadRun run = new(options);
        return run.Measure();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (LoadConnection connection in _connections)
            connection.Dispose();
        _ready.Dispose();
        _buffer.Release();
    }

    private LoadReport Measure()
    {
        foreach (LoadConnection connection in _connections)
            connection.Submit(LoadConnection.Nanoseconds(), more: true);
        RunUntil(LoadConnection.Nanoseconds() + (long)(_options.WarmUpSeconds * 1e9));

        ServerTime server = ServerTime.Of(_options.Server);
        foreach (LoadConnection connection in _connections)
            connection.Restart();
        double machineBefore = MachineTime.Busy();
        long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        long clientBefore = Clock.OfThisProcess();
        long serverBefore = server.Now();
        long begin = LoadConnection.Nanoseconds();
        long end = RunUntil(begin + (long)(_options.WindowSeconds * 1e9));
        long serverTime = server.Now() - serverBefore;
        long clientTime = Clock.OfThisProcess() - clientBefore;
        long allocated = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;

        double machineTime = MachineTime.Busy() - machineBefore;

        long requests = 0;
        foreach (LoadConnection connection in _connections)
            requests += connection.Completed;
        LoadReport report = new()
        {
            Requests = requests,
            Bytes = requests * _options.BlockBytes,
            Nanoseconds = end - begin,
            ServerNanoseconds = serverTime,
            ClientNanoseconds = clientTime,
            OthersNanoseconds = Math.Max(0, machineTime - serverTime - clientTime),
            Allocated = allocated,
            PeakBytes = server.PeakBytes(),
            P50 = _latencies.Percentile(0.5),
            P99 = _latencies.Percentile(0.99),
            P999 = _latencies.Percentile(0.999),
        };
        Drain();
        return report;
    }

    // One connection waits in receive, as simple clients do; several wait in epoll.
    private long RunUntil(long end)
    {
        long now;
        do
            now = _connections.Length == 1 && !_connections[0].IsSending ? TurnOfOne() : TurnOfMany(more: true);
        while (now < end);
        return now;
    }

    private long TurnOfOne()
    {
        long now = _connections[0].Receive(_buffer.Span, wait: true);
        _connections[0].Submit(now, more: true);
        return now;
    }

    private long TurnOfMany(bool more)
    {
        for (int i = 0; i < _connections.Length; i++)
        {
            bool writing = _connections[i].IsSending;
            if (writing == _watchesWriting[i])
                continue;
            _ready.WatchWriting(_connections[i].Socket, i, writing);
            _watchesWriting[i] = writing;
        }

        int count = _ready.Wait(SilenceMs);
        if (count == 0)
            throw new LoadException("the server has been silent for ten seconds");
        for (int i = 0; i < count; i++)
        {
            LoadConnection connection = _connections[_ready[i]];
            long now = connection.Receive(_buffer.Span, wait: false);
            connection.Submit(now != 0 ? now : LoadConnection.Nanoseconds(), more);
        }

        return LoadConnection.Nanoseconds();
    }

    private void Drain()
    {
        while (Array.Exists(_connections, connection => connection.UnderWay > 0))
            _ = TurnOfMany(more: false);
    }
}
