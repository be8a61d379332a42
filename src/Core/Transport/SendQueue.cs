// The combining sender: whoever finishes a reply sends, together with all replies finished meanwhile. Not: what a reply
// looks like (Server/ReplyWriter).

using System;
using System.Threading;
using NbdFast.Buffers;

namespace NbdFast.Transport;

/// <summary>
/// One connection's replies on their way out. Threads append whole replies under a lock that is held for list
/// operations only; one thread at a time sends, and goes on as long as there is something. A client that does not
/// read stalls its own threads and nobody else's.
/// </summary>
internal sealed class SendQueue(IWire wire, BufferLender lender) : IDisposable
{
    private readonly object _lock = new();
    private SendBatch _filling = new();
    private SendBatch _other = new();
    private bool _sending;
    private bool _broken;
    private long _stalledSince;

    /// <summary>Nothing can be sent any more; replies are dropped.</summary>
    public bool IsBroken => Volatile.Read(ref _broken);

    /// <summary>Since when a send has made no progress, in milliseconds of the system's clock; 0 while none is under
    /// way.</summary>
    public long StalledSinceMs => Volatile.Read(ref _stalledSince);

    /// <summary>Begins a reply: the caller appends to the batch and then calls <see cref="Leave"/>.</summary>
    /// <param name="runs">The most runs that the reply needs.</param>
    /// <param name="arenaBytes">The most header bytes.</param>
    [HotPath]
    public SendBatch Enter(int runs, int arenaBytes)
    {
        Monitor.Enter(_lock);
        while (!_filling.HasRoom(runs, arenaBytes))
        {
            if (_broken)
                _filling.Clear(lender);
            else if (_sending)
                Monitor.Wait(_lock);
            else
                SendAll();
        }

        return _filling;
    }

    /// <summary>Ends a reply.</summary>
    [HotPath]
    public void Leave() => Monitor.Exit(_lock);

    /// <summary>Sends what is there, unless another thread is doing so: that one takes it along.</summary>
    [HotPath]
    public void Flush()
    {
        lock (_lock)
        {
            if (!_sending && !_filling.IsEmpty)
                SendAll();
        }
    }

    /// <summary>Returns when all that was appended is sent or dropped.</summary>
    public void Drain()
    {
        lock (_lock)
        {
            while (_sending)
                Monitor.Wait(_lock);
            if (!_filling.IsEmpty)
                SendAll();
        }
    }

    /// <summary>Frees the memory. Nobody may append any more.</summary>
    public void Dispose()
    {
        _filling.Clear(lender);
        _filling.Dispose();
        _other.Dispose();
    }

    // Called with the lock held; gives it up while sending.
    [HotPath]
    private void SendAll()
    {
        _sending = true;
        while (!_filling.IsEmpty && !_broken)
        {
            SendBatch batch = _filling;
            _filling = _other;
            Monitor.Exit(_lock);
            bool sent = Send(batch);
            batch.Clear(lender);
            Monitor.Enter(_lock);
            _other = batch;
            if (!sent)
                Volatile.Write(ref _broken, true);
            Monitor.PulseAll(_lock);
        }

        if (_broken)
            _filling.Clear(lender);
        _sending = false;
        Monitor.PulseAll(_lock);
    }

    [HotPath]
    private bool Send(SendBatch batch)
    {
        while (batch.Runs.Count > 0)
        {
            Volatile.Write(ref _stalledSince, Environment.TickCount64 | 1);
            nint sent = wire.Send(batch.Runs);   // Short sends are normal, on Unix sockets above all.
            if (sent < 0)
                return false;
            batch.Runs.Advance(sent);
        }

        Volatile.Write(ref _stalledSince, 0);
        return true;
    }
}
