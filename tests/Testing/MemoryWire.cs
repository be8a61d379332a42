// A connection that never leaves the process: what a server does with it costs no call of the kernel. Not: a client
// that speaks the protocol over it (RawClient, MemoryServer).

using System;
using System.Threading;
using NbdFast.Native;
using NbdFast.Transport;

namespace NbdFast.Testing;

/// <summary>
/// One end of a connection in memory. It behaves as the end of a Unix socket does, blocks as that does, and receives
/// and sends short; <c>WireTests</c> asks both the same. One thing differs: a peer that closes with bytes unread is
/// gone, and does not reset the connection.
/// </summary>
internal sealed class MemoryWire : IWire, IDisposable
{
    /// <summary>Bytes under way in one direction before a sender must wait: about what a socket takes.</summary>
    public const int DefaultBytes = 256 << 10;

    private readonly MemoryPipe _incoming;
    private readonly MemoryPipe _outgoing;

    private MemoryWire(MemoryPipe incoming, MemoryPipe outgoing)
    {
        _incoming = incoming;
        _outgoing = outgoing;
    }

    /// <summary>Makes the two ends of a connection.</summary>
    /// <param name="bytes">How many may be under way in one direction.</param>
    public static (MemoryWire Server, MemoryWire Client) Pair(int bytes = DefaultBytes)
    {
        MemoryPipe requests = new(bytes);
        MemoryPipe replies = new(bytes);
        return (new MemoryWire(requests, replies), new MemoryWire(replies, requests));
    }

    /// <inheritdoc/>
    public int Descriptor => -1;

    /// <inheritdoc/>
    public bool SendsFiles => false;

    /// <inheritdoc/>
    public nint ReceiveNow(Span<byte> buffer) =>
        _incoming.WaitReadable(0) ? _incoming.ReadNow(buffer) : -(nint)Errno.EAGAIN;

    /// <inheritdoc/>
    public nint Receive(Span<byte> buffer) => _incoming.Read(buffer);

    /// <inheritdoc/>
    public nint Receive(Span<byte> first, Span<byte> second)
    {
        int received = _incoming.Read(first);
        return received < first.Length ? received : received + _incoming.ReadNow(second);
    }

    /// <inheritdoc/>
    public nint Send(GatherList list, bool more) => _outgoing.Write(list);

    /// <inheritdoc/>
    public nint SendNow(GatherList list) =>
        _outgoing.WaitWritable(0) ? _outgoing.Write(list) : -(nint)Errno.EAGAIN;

    /// <inheritdoc/>
    public nint SendFile(int file, ulong offset, long count) => -(nint)Errno.ENOTSUP;

    /// <summary>Sends as much as goes at once.</summary>
    /// <returns>The bytes sent, at least one; or the negated errno.</returns>
    public nint Send(ReadOnlySpan<byte> bytes) => _outgoing.Write(bytes);

    /// <summary>Waits until <see cref="Receive(Span{byte})"/> does not wait.</summary>
    /// <param name="limitMs">At most so long, or <see cref="Timeout.Infinite"/>.</param>
    /// <returns>False if the time has run out.</returns>
    public bool WaitToReceive(int limitMs) => _incoming.WaitReadable(limitMs);

    /// <summary>Waits until sending does not wait; as <see cref="WaitToReceive"/>.</summary>
    public bool WaitToSend(int limitMs) => _outgoing.WaitWritable(limitMs);

    /// <inheritdoc/>
    public void StopReceiving() => _incoming.Refuse();

    /// <summary>Tells the peer that nothing more will come. Receiving goes on.</summary>
    public void StopSending() => _outgoing.End();

    /// <inheritdoc/>
    public void Abort()
    {
        StopReceiving();
        StopSending();
    }

    /// <inheritdoc/>
    public void Close() => Abort();

    /// <inheritdoc cref="Close"/>
    public void Dispose() => Close();
}
