// The combining sender: whoever finishes a reply sends, together with all replies finished meanwhile. Not: what a reply
// looks like (Server/ReplyWriter).

using System;
using System.Threading;
using NbdFast.Buffers;
using NbdFast.Native;

namespace NbdFast.Transport;

/// <summary>
/// One connection's replies on their way out. Threads append whole replies under a lock that is held for list
/// operations only; one thread at a time sends, and goes on as long as there is something. A client that does not
/// read stalls its own threads and nobody else's: a thread that must not wait leaves what does not go, and whoever
/// flushes next goes on from there.
/// </summary>
internal sealed class SendQueue(IWire wire, BufferLender lender, SendBatchPool pool) : IDisposable
{
    // Enough for any reply but the rarest.
    private const int RoomyRuns = 256;
    private const int RoomyArenaBytes = 12 << 10;

    private readonly object _lock = new();
    private IWire _wire = wire;
    private SendBatch? _filling;
    private SendBatch? _spare;
    private SendBatch? _unsent;
    private bool _sending;
    private bool _broken;
    private long _stalledSince;

    private enum Progress
    {
        Sent,
        WouldWait,
        Broken,
    }

    /// <summary>Nothing can be sent any more; replies are dropped.</summary>
    public bool IsBroken => Volatile.Read(ref _broken);

    /// <summary>Parts of files can be appended to batches.</summary>
    public bool SendsFiles => _wire.SendsFiles;

    /// <summary>Since when a send has made no progress, in milliseconds of the system's clock; 0 while none is under
    /// way.</summary>
    public long StalledSinceMs => Volatile.Read(ref _stalledSince);

    /// <summary>Sends over another wire from now on; nobody else uses the queue yet.</summary>
    public void Use(IWire other)
    {
        Drain();
        _wire = other;
    }

    /// <summary>Begins a reply: the caller appends to the batch and then calls <see cref="Leave"/>.</summary>
    /// <param name="runs">The most runs that the reply needs.</param>
    /// <param name="arenaBytes">The most header bytes.</param>
    [HotPath]
    public SendBatch Enter(int runs, int arenaBytes)
    {
        Monitor.Enter(_lock);
        while (true)
        {
            SendBatch batch = _filling ??= TakeSpare();
            if (batch.HasRoom(runs, arenaBytes))
                return batch;
            if (_broken)
                batch.Clear(lender);
            else if (_sending)
                Monitor.Wait(_lock);
            else
                SendAll(wait: true);
        }
    }

    /// <summary>Begins a reply whose bytes are in memory already, if it can be appended without waiting; then the
    /// caller calls <see cref="Leave"/>.</summary>
    /// <param name="runs">The most runs that the reply needs.</param>
    /// <param name="batch">Where it is appended.</param>
    [HotPath]
    public bool TryEnter(int runs, out SendBatch batch)
    {
        Monitor.Enter(_lock);
        batch = _filling ??= TakeSpare();
        if (batch.HasPlace(runs, 0))
            return true;
        Monitor.Exit(_lock);
        return false;
    }

    /// <summary>Ends a reply.</summary>
    [HotPath]
    public void Leave() => Monitor.Exit(_lock);

    /// <summary>Says whether the next reply can be appended without waiting; what others append meanwhile is not
    /// foreseen.</summary>
    [HotPath]
    public bool HasRoom()
    {
        SendBatch? batch = Volatile.Read(ref _filling);
        return batch == null || batch.HasRoom(RoomyRuns, RoomyArenaBytes);
    }

    /// <summary>About how much was appended and is not being sent yet; parts of files do not count.</summary>
    public long WaitingBytes => Volatile.Read(ref _filling)?.Runs.Bytes ?? 0;

    /// <summary>Sends what is there, unless another thread is doing so: that one takes it along.</summary>
    [HotPath]
    public void Flush()
    {
        lock (_lock)
        {
            if (!_sending)
                SendAll(wait: true);
        }
    }

    /// <summary>Sends as much as goes without waiting.</summary>
    /// <returns>False if something is left that nobody is sending.</returns>
    [HotPath]
    public bool FlushNow()
    {
        lock (_lock)
            return _sending || SendAll(wait: false);
    }

    /// <summary>Returns when all that was appended is sent or dropped.</summary>
    public void Drain()
    {
        lock (_lock)
        {
            while (_sending)
                Monitor.Wait(_lock);
            SendAll(wait: true);
        }
    }

    /// <summary>Gives back the batches of a connection that has nothing to send.</summary>
    [HotPath]
    public void Rest()
    {
        lock (_lock)
        {
            if (_sending || _unsent != null || _filling is { IsEmpty: false })
                return;
            GiveBack(ref _filling);
            GiveBack(ref _spare);
        }
    }

    /// <summary>Drops what is there. Nobody may append any more.</summary>
    public void Dispose()
    {
        lock (_lock)   // Whoever ended the last request may still be about to flush.
        {
            _unsent?.Clear(lender);
            GiveBack(ref _unsent);
            _filling?.Clear(lender);
            GiveBack(ref _filling);
            GiveBack(ref _spare);
        }
    }

    [HotPath]
    private void GiveBack(ref SendBatch? batch)
    {
        if (batch != null)
            pool.Return(batch);
        batch = null;
    }

    [HotPath]
    private SendBatch TakeSpare()
    {
        SendBatch batch = _spare ?? pool.Rent();
        _spare = null;
        return batch;
    }

    // Called with the lock held, by nobody while another sends; gives the lock up while sending. False if it would have
    // to wait.
    [HotPath]
    private bool SendAll(bool wait)
    {
        _sending = true;
        bool isDone = true;
        while (!_broken && isDone && TakeToSend() is { } batch)
        {
            Monitor.Exit(_lock);
            Progress progress = Send(batch, wait);
            if (progress != Progress.WouldWait)
                batch.Clear(lender);
            Monitor.Enter(_lock);
            isDone = progress != Progress.WouldWait;
            if (!isDone)
                _unsent = batch;
            else if (_spare == null)
                _spare = batch;
            else
                pool.Return(batch);
            if (progress == Progress.Broken)
                Volatile.Write(ref _broken, true);
            Monitor.PulseAll(_lock);
        }

        if (_broken)
            _filling?.Clear(lender);
        _sending = false;
        Monitor.PulseAll(_lock);
        return isDone;
    }

    [HotPath]
    private SendBatch? TakeToSend()
    {
        SendBatch? batch = _unsent;
        _unsent = null;
        if (batch != null || _filling == null || _filling.IsEmpty)
            return batch;
        batch = _filling;
        _filling = null;
        return batch;
    }

    // Short sends are normal, on Unix sockets above all.
    [HotPath]
    private Progress Send(SendBatch batch, bool wait)
    {
        while (batch.Runs.Count > 0 || batch.File.Length > 0)
        {
            Volatile.Write(ref _stalledSince, Environment.TickCount64 | 1);
            bool hasFile = batch.File.Length > 0;
            if (hasFile && !wait)
                return Progress.WouldWait;   // There is no call for it that does not.
            if (batch.Runs.Count == 0)
            {
                if (!SendFile(batch))
                    return Progress.Broken;
                continue;
            }

            nint sent = wait ? _wire.Send(batch.Runs, hasFile) : _wire.SendNow(batch.Runs);
            if (sent == -(nint)Errno.EAGAIN && !wait)
                return Progress.WouldWait;
            if (sent < 0)
                return Progress.Broken;
            batch.Runs.Advance(sent);
        }

        Volatile.Write(ref _stalledSince, 0);
        return Progress.Sent;
    }

    // The reply was promised before its data was looked at: the client gets it whole, or the connection breaks off.
    [HotPath]
    private bool SendFile(SendBatch batch)
    {
        Loan file = batch.File;
        nint sent = _wire.SendFile(file.Descriptor, file.FileOffset, file.Length);
        if (sent > 0)
            batch.AdvanceFile(sent);
        else
            return SendFileFailed(batch, sent);
        return true;
    }

    private static bool SendFileFailed(SendBatch batch, nint sent)
    {
        Loan file = batch.File;
        if (sent == 0 && Libc.Status(file.Descriptor, out FileStatus status) == Errno.Ok
            && status.Size <= file.FileOffset)
        {
            batch.ReplaceFileByZeroes();   // It was cut short while it was served.
            return true;
        }

        if ((Errno)(-sent) is not (Errno.EPIPE or Errno.ECONNRESET))
            Log.Error($"sendfile: {((Errno)(-sent)).Text()}: closing the connection, for its reply is cut");
        return false;
    }
}
