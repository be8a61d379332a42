// Requests taken off a stream with System.IO.Pipelines, as one would write it first. Not: what the server does
// (Transport/ReceiveBuffer).

using System;
using System.Buffers;
using System.IO;
using System.IO.Pipelines;
using System.Threading.Tasks;
using NbdFast.Protocol;
using NbdFast.Transport;

namespace NbdFast.Bench.Micro;

/// <summary>Parses requests and copies their payloads to where they shall lie.</summary>
internal sealed class PipelinesReceiver(Stream stream, byte[] target)
{
    private readonly PipeReader _reader =
        PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: ReceiveBuffer.Capacity));

    private int _missing;

    /// <summary>Takes so many requests.</summary>
    /// <returns>The sum of their offsets.</returns>
    public async Task<ulong> TakeAsync(int count)
    {
        ulong sum = 0;
        while (true)
        {
            ReadResult result = await _reader.ReadAsync().ConfigureAwait(false);
            if (result.IsCompleted)
                throw new EndOfStreamException();
            ReadOnlySequence<byte> buffer = result.Buffer;
            while (count > 0 && Take(ref buffer, ref sum))
                count--;
            if (count == 0)
            {
                _reader.AdvanceTo(buffer.Start);
                return sum;
            }

            _reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    // False if more bytes are needed.
    private bool Take(ref ReadOnlySequence<byte> buffer, ref ulong sum)
    {
        if (_missing == 0)
        {
            if (buffer.Length < Nbd.RequestBytes)
                return false;
            RequestHeader request = Parse(buffer);
            sum += request.Offset;
            buffer = buffer.Slice(Nbd.RequestBytes);
            _missing = (int)request.PayloadBytes(extended: false);
        }

        int there = (int)Math.Min(_missing, buffer.Length);
        buffer.Slice(0, there).CopyTo(target.AsSpan(target.Length - _missing));
        buffer = buffer.Slice(there);
        _missing -= there;
        return _missing == 0;
    }

    private static RequestHeader Parse(in ReadOnlySequence<byte> buffer)
    {
        scoped ReadOnlySpan<byte> header = buffer.FirstSpan;
        Span<byte> whole = stackalloc byte[Nbd.RequestBytes];
        if (header.Length < Nbd.RequestBytes)
        {
            buffer.Slice(0, Nbd.RequestBytes).CopyTo(whole);
            header = whole;
        }

        return RequestHeader.TryParse(header, extended: false, out RequestHeader request)
            ? request
            : throw new InvalidDataException("a wrong magic number");
    }
}
