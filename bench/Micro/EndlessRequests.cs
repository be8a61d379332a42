// The bytes of requests, over and over, without a client: what a receive costs here is one copy. Not: a socket
// (RequestFeeder).

using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using NbdFast.Native;
using NbdFast.Transport;

namespace NbdFast.Bench.Micro;

/// <summary>A batch that repeats, as a wire and as a stream. One receive gives no more than a batch, as with a client
/// that waits for its replies, and no more than a Unix socket holds.</summary>
internal sealed class EndlessRequests(byte[] batch) : Stream, IWire
{
    private const int SocketBytes = 208 << 10;

    private int _at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public int Descriptor => -1;

    public bool SendsFiles => false;

    public nint Receive(Span<byte> buffer)
    {
        int count = Math.Min(Math.Min(buffer.Length, SocketBytes), batch.Length - _at);
        batch.AsSpan(_at, count).CopyTo(buffer);
        _at = (_at + count) % batch.Length;
        return count;
    }

    public nint Receive(Span<byte> first, Span<byte> second)
    {
        nint count = Receive(first);
        return count < first.Length || _at == 0 ? count : count + Receive(second);
    }

    public nint ReceiveNow(Span<byte> buffer) => Receive(buffer);

    public nint Send(GatherList list, bool more) => throw new NotSupportedException();

    public nint SendNow(GatherList list) => throw new NotSupportedException();

    public nint SendFile(int file, ulong offset, long count) => throw new NotSupportedException();

    public void StopReceiving() => throw new NotSupportedException();

    public void Abort() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => (int)Receive(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        new((int)Receive(buffer.Span));

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
}
