// A client that only sends: requests through a Unix socket, as fast as they are taken. Not: one that waits for replies.

using System;
using System.Threading;
using NbdFast.Native;
using NbdFast.Transport;

namespace NbdFast.Bench.Micro;

/// <summary>Sends a batch over and over on a thread of its own until it is disposed of.</summary>
internal sealed class RequestFeeder : IDisposable
{
    private readonly NativeBuffer _batch;
    private readonly SocketWire _wire;
    private readonly Thread _thread;

    /// <summary>Begins to send.</summary>
    public RequestFeeder(byte[] batch)
    {
        Errno errno = Libc.SocketPair(out int near, out int far);
        if (errno != Errno.Ok)
            throw new InvalidOperationException($"socketpair: {errno}");
        Descriptor = near;
        _wire = new SocketWire(far);
        _batch = new NativeBuffer(batch.Length);
        batch.CopyTo(_batch.Span);
        _thread = new Thread(Feed) { IsBackground = true, Name = "feeder" };
        _thread.Start();
    }

    /// <summary>The end to receive from; whoever does closes it.</summary>
    public int Descriptor { get; }

    public void Dispose()
    {
        _wire.Abort();
        _thread.Join();
        _wire.Close();
        _batch.Release();
    }

    private void Feed()
    {
        using GatherList list = new();
        nint sent = 0;
        while (sent >= 0)
        {
            if (list.Count == 0)
            {
                list.Clear();
                list.Add(_batch.Address, _batch.Length);
            }

            sent = _wire.Send(list, more: false);
            list.Advance(Math.Max(sent, 0));
        }
    }
}
