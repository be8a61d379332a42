// Drives transfers over one multi handle: which thread, when, and who is told. Not: what is transferred (Transfer).

using System;
using System.Threading;
using NbdFast.Plugins.Curl.Native;

namespace NbdFast.Plugins.Curl;

/// <summary>
/// The multi handle has one driver at a time. A thread that wants one transfer while nothing else is under way drives
/// it itself, which costs no change of threads. Otherwise the loop's own thread drives, and others wait for theirs.
/// </summary>
internal sealed class TransferLoop : IDisposable
{
    private const int PollMs = 1000;
    private const int GraceMs = 5000;
    private const int StackBytes = 1 << 20;   // TLS libraries are used to more than our threads need.

    private readonly object _lock = new();
    private readonly MultiHandle _multi;
    private readonly TransferTimes? _times;
    private Transfer? _submitted;
    private Transfer? _active;
    private Thread? _thread;
    private int _underWay;
    private bool _isDriven;
    private bool _isEnding;
    private long _shutdownMs;
    private volatile bool _hasNews;
    private volatile bool _isPolling;

    /// <summary>Makes a loop.</summary>
    /// <param name="connections">The most connections to servers.</param>
    /// <param name="times">Where times are summed up, or null.</param>
    public TransferLoop(int connections, TransferTimes? times)
    {
        _multi = new MultiHandle(connections);
        _times = times;
    }

    /// <summary>Carries out a transfer; returns at its end.</summary>
    [HotPath]
    public void Run(Transfer transfer)
    {
        bool drives;
        lock (_lock)
        {
            drives = !_isDriven && _underWay == 0 && !_isEnding;
            _isDriven |= drives;
            Submit(transfer);
        }

        if (drives)
        {
            Drive(transfer);
            StopDriving();
        }
        else
        {
            WakeDriver();
            transfer.Ended.Wait();
        }
    }

    /// <summary>Begins a transfer, whose <see cref="Transfer.Progress"/> is told of the rest.</summary>
    [HotPath]
    public void Start(Transfer transfer)
    {
        lock (_lock)
            Submit(transfer);
        WakeDriver();
    }

    /// <summary>Transfers were cancelled: they are to end soon.</summary>
    public void Cancelled()
    {
        _hasNews = true;
        WakeDriver();
    }

    /// <summary>Breaks off what is under way and closes all connections. Nobody may begin anything any more.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isEnding = true;
            if (_underWay > 0 && !_isDriven)
                CallThread();
            Monitor.PulseAll(_lock);
        }

        Cancelled();
        lock (_lock)
        {
            while (_underWay > 0 || _isDriven)
                Monitor.Wait(_lock);
        }

        _thread?.Join();
        _multi.Dispose();
    }

    // The driver either sees the news before it waits, or is seen waiting.
    [HotPath]
    private void WakeDriver()
    {
        Interlocked.MemoryBarrier();
        if (_isPolling)
            _multi.Wake();
    }

    [HotPath]
    private void StopDriving()
    {
        lock (_lock)
        {
            _isDriven = false;
            if (_underWay > 0)
                CallThread();
            if (_isEnding)
                Monitor.PulseAll(_lock);
        }
    }

    [HotPath]
    private void Submit(Transfer transfer)
    {
        transfer.Next = _submitted;
        _submitted = transfer;
        _underWay++;
        _hasNews = true;
        if (!_isDriven)
            CallThread();
    }

    // With the lock held. A thread of our own is made when it is first needed.
    [HotPath]
    private void CallThread()
    {
        if (_thread == null)
            StartThread();
        else
            Monitor.Pulse(_lock);
    }

    private void StartThread()
    {
        _thread = new Thread(Serve, StackBytes) { IsBackground = true, Name = "curl" };
        _thread.Start();
    }

    private void Serve()
    {
        while (true)
        {
            lock (_lock)
            {
                while (_isDriven || (_underWay == 0 && !_isEnding))
                    Monitor.Wait(_lock);
                if (_underWay == 0)
                    return;
                _isDriven = true;
            }

            Drive(null);
            StopDriving();
        }
    }

    // Until one transfer has ended, or all of them.
    [HotPath]
    private void Drive(Transfer? own)
    {
        while (true)
        {
            if (_hasNews)
                TakeNews();
            int result = _multi.Perform();
            while (_multi.NextEnded(out int code) is { } ended)
                End((Transfer)ended, code);
            if (result != LibCurl.Ok)
                Fail(result);
            if (own == null ? IsIdle() : own.HasEnded)
                return;
            _isPolling = true;
            Interlocked.MemoryBarrier();
            if (!_hasNews)
                _multi.Poll(PollMs);
            _isPolling = false;
            if (ServerControl.IsShuttingDown)
                LoseInterest();
        }
    }

    // What a server that does not answer owes us must not keep this one from ending.
    private void LoseInterest()
    {
        if (_shutdownMs == 0)
            _shutdownMs = Environment.TickCount64;
        else if (Environment.TickCount64 - _shutdownMs > GraceMs)
            EndAll();
    }

    [HotPath]
    private bool IsIdle()
    {
        lock (_lock)
            return _underWay == 0;
    }

    [HotPath]
    private void TakeNews()
    {
        Transfer? submitted;
        lock (_lock)
        {
            _hasNews = false;
            submitted = _submitted;
            _submitted = null;
        }

        // The list has the last one first.
        Transfer? first = null;
        while (submitted != null)
        {
            Transfer next = submitted;
            submitted = next.Next;
            next.Next = first;
            first = next;
        }

        while (first != null)
        {
            Transfer transfer = first;
            first = transfer.Next;
            Add(transfer);
        }

        EndCancelled();
    }

    [HotPath]
    private void Add(Transfer transfer)
    {
        transfer.Previous = null;
        transfer.Next = _active;
        if (_active != null)
            _active.Previous = transfer;
        _active = transfer;
        int result = _multi.Add(transfer.Handle);
        if (result != LibCurl.Ok)
            Unlink(transfer, AddFailed(result));
    }

    // It cannot be added twice, nor is it broken: there is no memory.
    private static int AddFailed(int result)
    {
        Log.Debug($"curl_multi_add_handle: {LibCurl.MultiText(result)}");
        return LibCurl.Aborted;
    }

    private void EndCancelled()
    {
        Transfer? next;
        for (Transfer? transfer = _active; transfer != null; transfer = next)
        {
            next = transfer.Next;
            if (transfer.IsCancelled || _isEnding)
                End(transfer, LibCurl.Aborted);
        }
    }

    // The multi handle itself has failed, which leaves nothing to wait for.
    private void Fail(int result)
    {
        Log.Error($"curl_multi_perform: {LibCurl.MultiText(result)}");
        EndAll();
    }

    private void EndAll()
    {
        while (_active is { } transfer)
            End(transfer, LibCurl.Aborted);
    }

    [HotPath]
    private void End(Transfer transfer, int code)
    {
        _multi.Remove(transfer.Handle);
        _times?.Add(transfer.Handle);
        Unlink(transfer, code);
    }

    [HotPath]
    private void Unlink(Transfer transfer, int code)
    {
        if (transfer.Previous == null)
            _active = transfer.Next;
        else
            transfer.Previous.Next = transfer.Next;
        if (transfer.Next != null)
            transfer.Next.Previous = transfer.Previous;
        transfer.Next = transfer.Previous = null;
        lock (_lock)
            _underWay--;
        transfer.End(code);
    }
}
