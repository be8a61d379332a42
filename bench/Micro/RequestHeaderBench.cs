// What it costs to understand a request: parse its header, judge it. Not: receiving its bytes (ReceiveBufferBench).

using System;
using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using NbdFast.Protocol;

namespace NbdFast.Bench.Micro;

/// <summary>Headers of a batch, as they lie in the receive buffer of a deep queue; nanoseconds for each.</summary>
public class RequestHeaderBench
{
    private const int Batch = 64;
    private const ulong ExportBytes = 1UL << 30;
    private const uint RequestBytes = 4096;

    private byte[] _headers = [];
    private TransmissionTerms _terms;
    private int _headerBytes;

    /// <summary>Headers with 64-bit lengths.</summary>
    [Params(false, true)]
    public bool Extended { get; set; }

    [GlobalSetup]
    public void MakeHeaders()
    {
        _headerBytes = Extended ? Nbd.ExtendedRequestBytes : Nbd.RequestBytes;
        _terms = new TransmissionTerms(
            ExportBytes,
            TransmissionFlags.HasFlags | TransmissionFlags.SendFlush | TransmissionFlags.SendFua,
            Extended ? ReplyMode.Extended : ReplyMode.Simple,
            false);
        _headers = new byte[Batch * _headerBytes];
        for (int i = 0; i < Batch; i++)
        {
            Span<byte> header = _headers.AsSpan(i * _headerBytes);
            BinaryPrimitives.WriteUInt32BigEndian(header, Extended ? Nbd.ExtendedRequestMagic : Nbd.RequestMagic);
            BinaryPrimitives.WriteUInt64BigEndian(header[8..], (ulong)i);
            BinaryPrimitives.WriteUInt64BigEndian(header[16..], (ulong)i * RequestBytes);
            if (Extended)
                BinaryPrimitives.WriteUInt64BigEndian(header[24..], RequestBytes);
            else
                BinaryPrimitives.WriteUInt32BigEndian(header[24..], RequestBytes);
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Batch)]
    public ulong Parse()
    {
        ulong sum = 0;
        for (ReadOnlySpan<byte> rest = _headers; rest.Length > 0; rest = rest[_headerBytes..])
        {
            if (!RequestHeader.TryParse(rest, Extended, out RequestHeader request))
                throw new InvalidOperationException("a wrong magic number");
            sum += request.Offset + request.PayloadBytes(Extended);
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public ulong ParseAndJudge()
    {
        ulong sum = 0;
        for (ReadOnlySpan<byte> rest = _headers; rest.Length > 0; rest = rest[_headerBytes..])
        {
            if (!RequestHeader.TryParse(rest, Extended, out RequestHeader request)
                || RequestRules.Check(request, _terms, out _) != Errno.Ok)
                throw new InvalidOperationException("a request that is refused");
            sum += request.Offset + request.PayloadBytes(Extended);
        }

        return sum;
    }
}
