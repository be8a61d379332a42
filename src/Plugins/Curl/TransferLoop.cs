// Drives all transfers over one multi handle, and waits for its sockets. Not: what is transferred (Transfer), which of
// them are under way (TransferList).

using System;
using System.Threading;
using NbdFast.Native;
using NbdFast.Plugins.Curl.Native;

namespace NbdFast.Plugins.Curl;

/// <summary>
/// Whoever begins transfers sends their requests at once, if nobody else uses the multi handle at that moment; else
/// whoever does so takes them along. A thread of the loop's own waits for the answers. Replies that they bring about go
/// together, as a burst, when the handle is free again.
/// </summary>
internal sealed class TransferLoop : IMultiEvents, IBurstEnd, IDisposable
{
    private const int MostReady = 64;
    private const int WakeTag = -1;
    private const int KindShift = 28;               // Descriptors are far below.
    private const int StackBytes = 1 << 20;         // TLS libraries are used to more than our threads need.
    private const long LookAgainMs = 1000;
    private const long LookAgainSoonMs = 10;
    private const long GraceMs = 2000;         // Less than the server itself waits for requests at its end.
    private const long Never = long.MaxValue;

    private readonly object _gate = new();          // Whoever has it may use the multi handle.
    private readonly MultiHandle _multi;
    private readonly TransferList _transfers = new();
    private readonly TransferTimes? _times;
    private readonly bool _sendsAtOnce;
    private readonly long _lookAgainMs;
    private readonly int _epoll;
    private readonly int _wake;
    private readonly int[] _ready = new int[MostReady];
    private readonly Lock _starting = new();
    private Thread? _thread;
    private long _timerMs = Never;                  // When libcurl wants to be called without a socket.
    private long _looksAgainAtMs = Never;           // When libcurl is to look at all transfers, events or not.
    private long _waitsUntilMs = Never;             // When the loop's thread does something of itself.
    private long _shutdownMs;
    private volatile bool _isEnding;

    /// <summary>Makes a loop.</summary>
    /// <param name="connections">The most connections to servers.</param>
    /// <param name="isHttp">What can be done without waiting is done by whoever begins a transfer. Other protocols are
    /// left to the loop's thread: some wait within libcurl, as local files do, and of some libcurl does not always say
    /// what they wait for. 7.88 forgets the data connection of FTP if the server is quick.</param>
    /// <param name="times">Where times are summed up, or null.</param>
    /// <exception cref="ConfigException">The system has no descriptors left.</exception>
    public TransferLoop(int connections, bool isHttp, TransferTimes? times)
    {
        _sendsAtOnce = isHttp;
        _lookAgainMs = isHttp ? LookAgainMs : LookAgainSoonMs;
        _epoll = Libc.EpollDescriptor();
        _wake = Libc.EventDescriptor();
        if (_epoll < 0 || _wake < 0 || Libc.EpollAdd(_epoll, _wake, WakeTag) != Errno.Ok)
            throw new ConfigException($"epoll: {((Errno)(-Math.Min(_epoll, _wake))).Text()}");
        _times = times;
        _multi = new MultiHandle(connections, this);
    }

    /// <summary>Begins a transfer, whose <see cref="Transfer.Progress"/> is told of the rest.</summary>
    [HotPath]
    public void Start(Transfer transfer)
    {
        if (_thread == null)
            StartThread();
        _transfers.Submit(transfer);
        if (!Burst.Defer(this))
            EndBurst();
    }

    /// <summary>Transfers were cancelled: they are to end soon. The loop's thread sees to it, for whoever cancels may
    /// hold a lock that is taken by those who are told of the end.</summary>
    public void Cancelled()
    {
        _transfers.LookAgain();
        Libc.SignalEvent(_wake);
    }

    /// <summary>Sends what was begun, or has it sent. Whoever has the gate looks again after giving it up.</summary>
    [HotPath]
    public void EndBurst()
    {
        if (_sendsAtOnce)
            SendNow();
        else if (_transfers.HasNews && !Monitor.IsEntered(_gate))
            Libc.SignalEvent(_wake);
    }

    /// <inheritdoc/>
    [HotPath]
    public void Watch(int socket, int what)
    {
        Errno errno = what == MultiHandle.PollRemove
            ? Libc.EpollRemove(_epoll, socket)
            : Libc.EpollWatch(
                _epoll, socket, socket | (what << KindShift), (what & MultiHandle.PollIn) != 0,
                (what & MultiHandle.PollOut) != 0);
        if (errno != Errno.Ok && what != MultiHandle.PollRemove)
            Log.Debug($"epoll_ctl: {errno.Text()}");   // Its transfers end when their time is over.
    }

    /// <inheritdoc/>
    [HotPath]
    public void SetTimer(long milliseconds) =>
        _timerMs = milliseconds < 0 ? Never : Environment.TickCount64 + milliseconds;

    /// <summary>Breaks off what is under way and closes all connections. Nobody may begin anything any more.</summary>
    public void Dispose()
    {
        _isEnding = true;
        Cancelled();
        _thread?.Join();
        lock (_gate)   // Whoever ended the last transfer may not have left the handle yet.
        {
            _multi.Dispose();
            Libc.Close(_epoll);
            Libc.Close(_wake);
        }
    }

    private void StartThread()
    {
        lock (_starting)
        {
            if (_thread != null)
                return;
            Thread thread = new(Drive, StackBytes) { IsBackground = true, Name = "curl" };
            thread.Start();
            _thread = thread;
        }
    }

    [HotPath]
    private void SendNow()
    {
        using (Burst.Begin())
        {
            while (_transfers.HasNews && !Monitor.IsEntered(_gate) && Monitor.TryEnter(_gate))
            {
                try
                {
                    Work();
                    if (NextDueMs() < _waitsUntilMs)
                        Libc.SignalEvent(_wake);   // The thread would come too late.
                }
                finally
                {
                    Monitor.Exit(_gate);
                }

                Interlocked.MemoryBarrier();
            }
        }
    }

    // With the gate, as all below. For the idle nothing is due.
    [HotPath]
    private long NextDueMs()
    {
        if (_transfers.IsIdle)
            _looksAgainAtMs = Never;
        else if (_looksAgainAtMs == Never)
            _looksAgainAtMs = Environment.TickCount64 + _lookAgainMs;
        return Math.Min(_timerMs, _looksAgainAtMs);
    }

    private void Drive()
    {
        for (int count = 0; !_isEnding || !_transfers.IsIdle; count = Libc.EpollWait(_epoll, _ready, TimeoutMs()))
        {
            using (Burst.Begin())
            {
                lock (_gate)
                {
                    Act(count);
                    Work();
                    LookAgain();
                    // After work more of it may come; who brings it need not wake us then.
                    long dueMs = NextDueMs();
                    _waitsUntilMs = count > 0 ? Math.Min(dueMs, Environment.TickCount64 + _lookAgainMs) : dueMs;
                }

                EndBurst();   // For what came while the gate was ours.
            }
        }
    }

    private int TimeoutMs()
    {
        long until = Volatile.Read(ref _waitsUntilMs);
        return until == Never ? -1 : (int)Math.Clamp(until - Environment.TickCount64, 0, int.MaxValue);
    }

    [HotPath]
    private void Act(int count)
    {
        for (int i = 0; i < count; i++)
        {
            int tag = _ready[i];
            if (tag == WakeTag)
                Libc.ClearEvent(_wake);
            else
                Check(_multi.Act(tag & ((1 << KindShift) - 1), tag >> KindShift));
        }
    }

    private void LookAgain()
    {
        if (ServerControl.IsShuttingDown)
            LoseInterest();
        if (_looksAgainAtMs > Environment.TickCount64)
            return;
        _looksAgainAtMs = Never;
        Check(_multi.ActOnAll());
        Work();
    }

    // What can be done without waiting. Handles that were added and limits that were reached make the timer due.
    [HotPath]
    private void Work()
    {
        do
        {
            if (_transfers.HasNews)
                TakeNews();
            if (_timerMs <= Environment.TickCount64)
            {
                _timerMs = Never;
                Check(_multi.Act(MultiHandle.NoSocket, 0));
            }

            while (_multi.NextEnded(out int code) is { } ended)
                End((Transfer)ended, code);
        }
        while (_transfers.HasNews || _timerMs <= Environment.TickCount64);
    }

    [HotPath]
    private void TakeNews()
    {
        while (_transfers.TakeSubmitted() is { } transfer)
        {
            int result = _multi.Add(transfer.Handle);
            if (result != LibCurl.Ok)
                EndUnadded(transfer, result);
        }

        while (_transfers.FindCancelled(_isEnding) is { } transfer)
            End(transfer, LibCurl.Aborted);
    }

    // It cannot be added twice, nor is it broken: there is no memory.
    private void EndUnadded(Transfer transfer, int result)
    {
        Log.Debug($"curl_multi_add_handle: {LibCurl.MultiText(result)}");
        _transfers.Remove(transfer);
        transfer.End(LibCurl.Aborted);
    }

    // What a server that does not answer owes us must not keep this one from ending.
    private void LoseInterest()
    {
        if (_shutdownMs == 0)
            _shutdownMs = Environment.TickCount64;
        else if (Environment.TickCount64 - _shutdownMs > GraceMs)
            EndAll();
    }

    // If the multi handle itself has failed, there is nothing to wait for. A socket that another thread had it close
    // meanwhile is no failure.
    [HotPath]
    private void Check(int result)
    {
        if (result is not (LibCurl.Ok or MultiHandle.BadSocket))
            Fail(result);
    }

    private void Fail(int result)
    {
        Log.Error($"curl_multi_socket_action: {LibCurl.MultiText(result)}");
        EndAll();
    }

    private void EndAll()
    {
        while (_transfers.First is { } transfer)
            End(transfer, LibCurl.Aborted);
    }

    [HotPath]
    private void End(Transfer transfer, int code)
    {
        _multi.Remove(transfer.Handle);
        _times?.Add(transfer.Handle);
        _transfers.Remove(transfer);
        transfer.End(code);
    }
}
