// Sends requests to a server, from many threads over one connection. Not: requests (PendingRequest), replies
// (ReplyReader).

using System;
using System.Threading;
using NbdFast.Transport;

namespace NbdFast.Client;

/// <summary>
/// Whoever has a request appends it; one thread at a time sends, and takes along what others append meanwhile. Nobody
/// who asks ever waits for the server to take requests, for it may be the thread on which replies go on: what does not
/// go at once is left to a thread of its own, made when that happens first.
/// </summary>
internal sealed class RequestSender(IWire wire, RequestTable table, bool extended) : IBurstEnd, IDisposable
{
    private const int StackBytes = 128 << 10;

    // One is sent while another is filled, and both may be spare in between: a single one kept was a batch made for
    // every send that met another one. More are under way only with large writes.
    private const int MostSpare = 4;

    private readonly object _lock = new();
    private RequestBatch? _first;     // What is to be sent, in order; the last one is being filled.
    private RequestBatch? _last;
    private RequestBatch? _spare;     // A list.
    private int _spareCount;
    private Thread? _writer;
    private bool _isSending;
    private bool _isWritersTurn;
    private bool _isBroken;
    private bool _isClosed;

    private enum Progress
    {
        Sent,
        WouldWait,
        Broken,
    }

    /// <summary>Appends a request, to be sent at the end of the burst.</summary>
    /// <returns>False if the connection has ended: the request is the caller's again.</returns>
    [HotPath]
    public bool Send(PendingRequest request)
    {
        if (!Append(request))
            return false;
        if (!Burst.Defer(this))
            EndBurst();
        return true;
    }

    /// <summary>Sends what is there, unless another thread is doing so: that one takes it along.</summary>
    [HotPath]
    public void EndBurst()
    {
        lock (_lock)
        {
            if (_isSending)
                return;
            _isSending = true;
            SendAll(wait: false);
        }
    }

    /// <summary>Nothing can be sent any more. Returns when nobody uses the memory of requests. The wire must have been
    /// broken off.</summary>
    public void Break()
    {
        lock (_lock)
        {
            _isBroken = true;
            while (_isSending)
                Monitor.Wait(_lock);
            for (; _first != null; _first = _first.Next)
                _first.Dispose();
            _last = null;
        }
    }

    /// <summary>Ends the thread. Nobody may append any more.</summary>
    public void Dispose()
    {
        Thread? writer;
        lock (_lock)
        {
            _isClosed = true;
            writer = _writer;
            Monitor.PulseAll(_lock);
        }

        writer?.Join();
        for (; _spare != null; _spare = _spare.Next)
            _spare.Dispose();
    }

    [HotPath]
    private bool Append(PendingRequest request)
    {
        lock (_lock)
        {
            if (_isBroken || !table.Begin(request, request.Header.Command == Protocol.NbdCommand.Write))
                return false;
            if (_last is not { HasRoom: true })
                AddBatch();
            _last!.Append(request, extended);
            return true;
        }
    }

    [HotPath]
    private void AddBatch()
    {
        RequestBatch batch = TakeSpare() ?? MakeBatch();
        if (_last == null)
            _first = batch;
        else
            _last.Next = batch;
        _last = batch;
    }

    [HotPath]
    private RequestBatch? TakeSpare()
    {
        if (_spare is not { } batch)
            return null;
        _spare = batch.Next;
        batch.Next = null;
        _spareCount--;
        return batch;
    }

    // As many as are ever under way at once, or nearly.
    private static RequestBatch MakeBatch() => new();

    // Called with the lock held, by whoever set the mark of sending; gives the lock up while sending. The mark stays
    // if the writer goes on.
    [HotPath]
    private void SendAll(bool wait)
    {
        while (!_isBroken && _first is { } batch)
        {
            _first = batch.Next;
            batch.Next = null;
            if (_first == null)
                _last = null;
            Monitor.Exit(_lock);
            Progress progress = Send(batch, wait);
            if (progress != Progress.WouldWait)
                TellWriters(batch);
            Monitor.Enter(_lock);
            if (progress == Progress.WouldWait)
            {
                batch.Next = _first;
                _first = batch;
                _last ??= batch;
                LeaveToWriter();
                return;
            }

            _isBroken |= progress == Progress.Broken;
            GiveBack(batch);
        }

        _isSending = false;
        Monitor.PulseAll(_lock);
    }

    // What is left of a batch that was begun is sent before anything else; more may be appended to it meanwhile only
    // while nobody sends from it, which is so while this lock is held.
    [HotPath]
    private Progress Send(RequestBatch batch, bool wait)
    {
        while (batch.Runs.Bytes > 0)
        {
            nint sent = wait ? wire.Send(batch.Runs, more: false) : wire.SendNow(batch.Runs);
            if (sent == -(nint)Errno.EAGAIN && !wait)
                return Progress.WouldWait;
            if (sent == -(nint)Errno.EINTR)
                continue;
            if (sent < 0)
            {
                wire.Abort();   // The thread that receives sees to all that was asked for.
                return Progress.Broken;
            }

            batch.Runs.Advance(sent);
        }

        return Progress.Sent;
    }

    // Whoever was answered before all was sent has been waiting for this.
    [HotPath]
    private void TellWriters(RequestBatch batch)
    {
        foreach (PendingRequest? write in batch.Writes)
            if (table.Sent(write!))
                write!.Complete(write.Error);
        batch.Clear();
    }

    [HotPath]
    private void GiveBack(RequestBatch batch)
    {
        if (_spareCount == MostSpare)
        {
            batch.Dispose();
            return;
        }

        batch.Next = _spare;
        _spare = batch;
        _spareCount++;
    }

    // Called with the lock held, and the mark of sending set.
    private void LeaveToWriter()
    {
        _isWritersTurn = true;
        _writer ??= StartWriter();
        if (_writer == null)
        {
            _isWritersTurn = _isSending = false;
            _isBroken = true;
            wire.Abort();
        }

        Monitor.PulseAll(_lock);
    }

    // Null if the system has no thread to give.
    private Thread? StartWriter()
    {
        try
        {
            Thread writer = new(Write, StackBytes) { IsBackground = true, Name = "nbd writer" };
            writer.Start();
            return writer;
        }
        catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
        {
            Log.Error($"cannot start a thread: {exception.Message}");
            return null;
        }
    }

    private void Write()
    {
        lock (_lock)
        {
            while (true)
            {
                while (!_isWritersTurn && !_isClosed)
                    Monitor.Wait(_lock);
                if (!_isWritersTurn)
                    return;
                _isWritersTurn = false;
                SendAll(wait: true);
            }
        }
    }
}
