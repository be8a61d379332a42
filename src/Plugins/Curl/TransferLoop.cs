// Drives all transfers over one multi handle, on one thread. Not: what is transferred (Transfer).

using System;
using System.Threading;
using NbdFast.Plugins.Curl.Native;

namespace NbdFast.Plugins.Curl;

/// <summary>Transfers are begun by any thread and end on the loop's own. Replies that this brings about go together, as
/// a burst.</summary>
internal sealed class TransferLoop : IBurstEnd, IDisposable
{
    private const int PollMs = 1000;
    private const int IdlePollMs = 3_600_000;
    private const int GraceMs = 5000;
    private const int StackBytes = 1 << 20;   // TLS libraries are used to more than our threads need.

    private readonly object _lock = new();
    private readonly MultiHandle _multi;
    private readonly TransferTimes? _times;
    private Transfer? _submitted;
    private Transfer? _active;
    private Thread? _thread;
    private long _shutdownMs;
    private volatile bool _hasNews;
    private volatile bool _isPolling;
    private volatile bool _isEnding;

    /// <summary>Makes a loop.</summary>
    /// <param name="connections">The most connections to servers.</param>
    /// <param name="times">Where times are summed up, or null.</param>
    public TransferLoop(int connections, TransferTimes? times)
    {
        _multi = new MultiHandle(connections);
        _times = times;
    }

    /// <summary>Begins a transfer, whose <see cref="Transfer.Progress"/> is told of the rest.</summary>
    [HotPath]
    public void Start(Transfer transfer)
    {
        lock (_lock)
        {
            transfer.Next = _submitted;
            _submitted = transfer;
            _hasNews = true;
            if (_thread == null)
                StartThread();
        }

        if (!Burst.Defer(this))
            EndBurst();
    }

    /// <summary>Transfers were cancelled: they are to end soon.</summary>
    public void Cancelled()
    {
        _hasNews = true;
        EndBurst();
    }

    /// <summary>Wakes the loop, which either sees the news before it waits, or is seen waiting.</summary>
    [HotPath]
    public void EndBurst()
    {
        Interlocked.MemoryBarrier();
        if (_isPolling)
            _multi.Wake();
    }

    /// <summary>Breaks off what is under way and closes all connections. Nobody may begin anything any more.</summary>
    public void Dispose()
    {
        _isEnding = true;
        Cancelled();
        _thread?.Join();
        _multi.Dispose();
    }

    private void StartThread()
    {
        _thread = new Thread(Drive, StackBytes) { IsBackground = true, Name = "curl" };
        _thread.Start();
    }

    private void Drive()
    {
        while (true)
        {
            using (Burst.Begin())
                Work();
            bool isIdle = _active == null;
            if (_isEnding && isIdle && !_hasNews)
                return;
            _isPolling = true;
            Interlocked.MemoryBarrier();
            if (!_hasNews)
                _multi.Poll(isIdle ? IdlePollMs : PollMs);
            _isPolling = false;
            if (ServerControl.IsShuttingDown && !isIdle)
                LoseInterest();
        }
    }

    [HotPath]
    private void Work()
    {
        if (_hasNews)
            TakeNews();
        int result = _multi.Perform();
        while (_multi.NextEnded(out int code) is { } ended)
            End((Transfer)ended, code);
        if (result != LibCurl.Ok)
            Fail(result);
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
        transfer.End(code);
    }
}
