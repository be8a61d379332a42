// The thread that talks to an SFTP server about an open file. Not: opening it (SftpTalk), messages (RequestOutput,
// ReplyInput).

using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using NbdFast.Native;

namespace NbdFast.Plugins.Ssh.Sftp;

/// <summary>
/// Reads, writes and flushes from any threads, any number at once: none of the calls waits. A session of libssh bears
/// one thread at a time, so they take turns. Whoever asks sends it at once if nobody has the turn, as pieces of which
/// many are under way; else who has the turn sends that as well. What comes is handed out by the thread that is here.
/// What follows on answers runs on this thread, whose replies go together, as a burst.
/// </summary>
internal sealed class SftpLoop : IBurstEnd, IDisposable
{
    /// <summary>The longest handle (draft-ietf-secsh-filexfer-02, section 6.2).</summary>
    public const int MostHandleBytes = 256;

    private const int RoundBytes = 512 << 10;
    private const int PollMs = 1000;
    private const int IdlePollMs = 3_600_000;
    private const int GraceMs = 5000;
    private const int StackBytes = 1 << 20;   // The library is used to more than our threads need.

    private readonly Lock _lock = new();
    private readonly Stack<FileRequest> _free = new();
    private readonly PieceTable _table = new();
    private readonly RequestOutput _output;
    private readonly ReplyInput _input;
    private readonly ISftpStream _stream;
    private readonly IDisposable _session;
    private readonly Action _prepareThread;
    private readonly Thread _thread;
    private readonly int _wake;
    private FileRequest? _submitted;      // The last one first.
    private string? _fault;
    private long _shutdownMs;
    private bool _hasEnded;               // The thread has.
    private bool _isQuiet;                // Nothing has happened for a while.
    private int _turn;                    // 1: somebody has it.
    private volatile bool _wantsTurn;     // The thread does.
    private volatile bool _isAsleep;      // The thread is, and for long.
    private volatile bool _hasNews;
    private volatile bool _isEnding;

    /// <summary>Takes over a session with an open file.</summary>
    /// <param name="stream">To the server.</param>
    /// <param name="session">Disposed of on the thread, at its end or that of the connection.</param>
    /// <param name="prepareThread">Called once on the thread.</param>
    /// <param name="handle">The open file.</param>
    /// <param name="abilities">The server's.</param>
    /// <exception cref="SftpException">There is no thread to be had.</exception>
    public SftpLoop(
        ISftpStream stream, IDisposable session, Action prepareThread, byte[] handle, ServerAbilities abilities)
    {
        _stream = stream;
        _session = session;
        _prepareThread = prepareThread;
        _output = new RequestOutput(stream, _table, handle, abilities);
        _input = new ReplyInput(stream, this);
        _wake = Libc.EventDescriptor();
        if (_wake < 0)
            throw new SftpException((Errno)(-_wake), $"eventfd: {((Errno)(-_wake)).Text()}");
        _thread = new Thread(Drive, StackBytes) { IsBackground = true, Name = "ssh" };
        try
        {
            _thread.Start();
        }
        catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
        {
            _output.Dispose();
            Libc.Close(_wake);
            throw new SftpException(Errno.ENOMEM, $"cannot start a thread: {exception.Message}");
        }
    }

    /// <summary>Begins a request.</summary>
    /// <param name="kind">What is asked.</param>
    /// <param name="memory">Not to be touched before the end; empty for a flush alone.</param>
    /// <param name="offset">The position of the first byte.</param>
    [HotPath]
    public ValueTask<Errno> Start(FileRequestKind kind, ReadOnlyMemory<byte> memory, ulong offset)
    {
        FileRequest request = Rent();
        request.Load(kind, memory, offset);
        ValueTask<Errno> task = request.Task;
        lock (_lock)
        {
            request.Next = _submitted;
            _submitted = request;
            _hasNews = true;
        }

        if (!Burst.Defer(this))
            EndBurst();
        return task;
    }

    /// <summary>Sends what was asked. Who has the turn looks for news again when it is over.</summary>
    [HotPath]
    public void EndBurst()
    {
        Interlocked.MemoryBarrier();
        while (_hasNews && TryTakeTurn())
        {
            bool isSent = SendNews();
            LeaveTurn();
            if (isSent && !_isAsleep)
                continue;
            Wake();
            return;
        }
    }

    /// <summary>Ends the connection. From any thread, also that of an answer; nobody may begin anything any
    /// more.</summary>
    public void Dispose()
    {
        _isEnding = true;
        Wake();
        if (Thread.CurrentThread != _thread)
            _thread.Join();
    }

    /// <summary>Takes back a request that has been answered.</summary>
    [HotPath]
    public void Return(FileRequest request)
    {
        lock (_lock)
            _free.Push(request);
    }

    /// <summary>The piece that an answer is for, or null.</summary>
    [HotPath]
    public Piece? Find(uint id) => _table.Find(id);

    /// <summary>Data of a read has come.</summary>
    [HotPath]
    public void Arrived(Piece piece)
    {
        if (piece.Length > 0)
            _output.Again(piece);
        else
            End(piece);
    }

    /// <summary>The server says how it went.</summary>
    [HotPath]
    public void Answered(Piece piece, SftpStatus status)
    {
        if (status != SftpStatus.Ok)
            Fail(piece.Owner!, status);
        End(piece);
    }

    [HotPath]
    private FileRequest Rent()
    {
        lock (_lock)
        {
            if (_free.TryPop(out FileRequest? request))
                return request;
        }

        return Make();
    }

    private FileRequest Make() => new(this);

    [HotPath]
    private bool TryTakeTurn() => Interlocked.CompareExchange(ref _turn, 1, 0) == 0;

    [HotPath]
    private void LeaveTurn()
    {
        Interlocked.Exchange(ref _turn, 0);
        if (_wantsTurn)
            Wake();
    }

    // Who has just left the turn may come here when the thread has ended, and the descriptor is somebody else's.
    private void Wake()
    {
        lock (_lock)
        {
            if (!_hasEnded)
                Libc.SignalEvent(_wake);
        }
    }

    // Only the thread waits for it.
    private void TakeTurn()
    {
        while (!TryTakeTurn())
        {
            _wantsTurn = true;
            Interlocked.MemoryBarrier();
            bool hasTurn = TryTakeTurn();
            if (!hasTurn && Libc.PollForReading([_wake], [false], PollMs) > 0)
                Libc.ClearEvent(_wake);
            _wantsTurn = false;
            if (hasTurn)
                return;
        }
    }

    // False if the thread has to go on with it: it can wait, and it knows what to do when a connection is lost.
    [HotPath]
    private bool SendNews()
    {
        if (_fault != null || _isEnding)
            return false;
        TakeNews();
        return _output.Send(out _) && !_stream.HasUnsent && !_stream.HasArrived;
    }

    private void Drive()
    {
        _prepareThread();
        while (true)
        {
            TakeTurn();
            if (_isEnding)
                break;
            bool hasMoved;
            using (Burst.Begin())
                hasMoved = Work();
            if (!hasMoved && ServerControl.IsShuttingDown && !IsIdle)
                LoseInterest();
            bool hasUnsent = _fault == null && _stream.HasUnsent;
            LeaveTurn();
            if (!hasMoved && !_hasNews && !_isEnding)
                Wait(hasUnsent);
        }

        Lose("the connection is being closed");
        TakeNews();   // What came with the news of the end is refused.
        _output.Dispose();
        lock (_lock)
        {
            _hasEnded = true;
            Libc.Close(_wake);
        }
    }

    private bool IsIdle => _table.UnderWay == 0 && !_output.HasWaiting;

    // Either call may take in what the other one waits for, data or leave to send. So the thread waits only after a
    // round in which nothing has moved.
    [HotPath]
    private bool Work()
    {
        if (_hasNews)
            TakeNews();
        if (_fault != null)
            return false;
        bool hasReceived = false;
        if (!_output.Send(out bool hasSent))
            Lose(LostText());
        else if (!_input.Receive(RoundBytes, out hasReceived))
            Lose(_input.Fault!);
        return hasSent || hasReceived;
    }

    private string LostText() => $"the connection to the SFTP server is lost: {_stream.Failure}";

    // What is idle can lose its connection, and finds that out. Once it has been so for a while, whoever asks wakes the
    // thread, which has to look from time to time whether the server is ending.
    private void Wait(bool hasUnsent)
    {
        _isAsleep = _isQuiet;
        Interlocked.MemoryBarrier();
        if (!_hasNews)
        {
            bool hasHappened = WaitForNews(hasUnsent, _isQuiet && IsIdle ? IdlePollMs : PollMs);
            _isQuiet = !hasHappened && IsIdle;
        }

        _isAsleep = false;
    }

    private bool WaitForNews(bool hasUnsent, int timeoutMs)
    {
        // Without a connection there is still a client, perhaps for long, which may go on asking.
        bool hasHappened, isWoken;
        if (_fault == null)
            hasHappened = _stream.Wait(hasUnsent, _wake, timeoutMs, out isWoken);
        else
            hasHappened = isWoken = Libc.PollForReading([_wake], [false], timeoutMs) > 0;
        if (isWoken)
            Libc.ClearEvent(_wake);
        return hasHappened;
    }

    // What a server that does not answer owes us must not keep this one from ending.
    private void LoseInterest()
    {
        if (_shutdownMs == 0)
            _shutdownMs = Environment.TickCount64;
        else if (Environment.TickCount64 - _shutdownMs > GraceMs)
            Lose("the server is ending");
    }

    [HotPath]
    private void TakeNews()
    {
        FileRequest? submitted;
        lock (_lock)
        {
            _hasNews = false;
            submitted = _submitted;
            _submitted = null;
        }

        FileRequest? first = null;
        while (submitted != null)
        {
            FileRequest next = submitted;
            submitted = next.Next;
            next.Next = first;
            first = next;
        }

        while (first != null)
        {
            FileRequest request = first;
            first = request.Next;
            request.Next = null;
            if (_fault == null)
                _output.Add(request);
            else
                Refuse(request);
        }
    }

    [HotPath]
    private void End(Piece piece)
    {
        FileRequest request = piece.Owner!;
        _table.Return(piece);
        request.PieceEnded();
        if (request.HasEnded)
            request.Complete();
    }

    private void Fail(FileRequest request, SftpStatus status)
    {
        if (status == SftpStatus.EndOfFile)
            request.Fail(Errno.EIO, "unexpected end of file");
        else
            request.Fail(status.Errno(), $"SFTP server: {status.Text()}");
        _output.Drop(request);
    }

    private void Refuse(FileRequest request)
    {
        request.Fail(Errno.EIO, _fault!);
        request.Complete();
    }

    // The connection has ended, and with it all that was asked for.
    private void Lose(string fault)
    {
        if (_fault != null)
            return;
        _fault = fault;
        _session.Dispose();
        using (Burst.Begin())
        {
            while (_table.Any() is { } piece)
            {
                piece.Owner!.Fail(Errno.EIO, fault);
                _output.Drop(piece.Owner);
                End(piece);
            }

            while (_output.TakeFirst() is { } waiting)
                Refuse(waiting);
        }
    }
}
