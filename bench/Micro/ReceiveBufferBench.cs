// The server's receive buffer beside System.IO.Pipelines, at the same job on the same bytes. Not: replies.

using System;
using System.Buffers.Binary;
using System.IO;
using System.Net.Sockets;
using System.Threading.Tasks;
using BenchmarkDotNet.Attributes;
using NbdFast.Buffers;
using NbdFast.Drivers;
using NbdFast.Protocol;
using NbdFast.Server;
using NbdFast.Transport;

namespace NbdFast.Bench.Micro;

/// <summary>Parses requests and brings their payloads to where they shall lie; time for each request. From memory the
/// bytes cost a copy, from a Unix socket the kernel's calls; there a second thread feeds it all the while.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class ReceiveBufferBench
{
    private const int Batch = 64;
    private const int InPlaceBytes = 64 << 10;   // As in Server/RequestLoop.

    private byte[] _batch = [];
    private byte[] _target = [];
    private ReceiveBuffer? _buffer;
    private IWire? _wire;
    private PayloadReceiver? _payloads;
    private Stream? _stream;
    private RequestFeeder? _feeder;
    private PipelinesReceiver? _pipelines;

    public enum Kind
    {
        Read,
        Write4k,
        Write256k,
    }

    public enum Origin
    {
        Memory,
        Socket,
    }

    [Params(Kind.Read, Kind.Write4k, Kind.Write256k)]
    public Kind Request { get; set; }

    [Params(Origin.Memory, Origin.Socket)]
    public Origin From { get; set; }

    private int PayloadBytes => Request switch
    {
        Kind.Write4k => 4 << 10,
        Kind.Write256k => 256 << 10,
        _ => 0,
    };

    [GlobalSetup(Target = nameof(ReceiveBuffer))]
    public void OpenWire()
    {
        MakeBatch();
        _buffer = new ReceiveBuffer(new BufferPool());
        _wire = From == Origin.Memory ? new EndlessRequests(_batch) : new SocketWire(Feed());
        _payloads = new PayloadReceiver(_wire, _buffer, new Crowd(IoChoice.Threads));
    }

    [GlobalSetup(Target = nameof(Pipelines))]
    public void OpenStream()
    {
        MakeBatch();
        _stream = From == Origin.Memory
            ? new EndlessRequests(_batch)
            : new NetworkStream(new Socket(new SafeSocketHandle(Feed(), ownsHandle: true)), ownsSocket: true);
        _pipelines = new PipelinesReceiver(_stream, _target);
    }

    [GlobalCleanup]
    public void Close()
    {
        _stream?.Dispose();
        _wire?.Close();
        _feeder?.Dispose();
        _buffer?.Dispose();
    }

    /// <summary>Ours.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Batch)]
    public ulong ReceiveBuffer()
    {
        ulong sum = 0;
        for (int i = 0; i < Batch; i++)
            sum += Take(_buffer!, _wire!);
        return sum;
    }

    /// <summary>A PipeReader over a stream, with a buffer of the same size.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public Task<ulong> Pipelines() => _pipelines!.TakeAsync(Batch);

    private ulong Take(ReceiveBuffer buffer, IWire wire)
    {
        Insist(buffer.FillTo(wire, Nbd.RequestBytes));
        Insist(RequestHeader.TryParse(buffer.Available, extended: false, out RequestHeader request));
        buffer.Consume(Nbd.RequestBytes);
        int payload = (int)request.PayloadBytes(extended: false);
        if (payload > InPlaceBytes)
        {
            Insist(_payloads!.Fill(_target));
        }
        else if (payload > 0)
        {
            Insist(buffer.FillTo(wire, payload));
            buffer.Available[..payload].CopyTo(_target);
            buffer.Consume(payload);
        }

        return request.Offset;
    }

    private int Feed()
    {
        _feeder = new RequestFeeder(_batch);
        return _feeder.Descriptor;
    }

    private void MakeBatch()
    {
        _target = new byte[PayloadBytes];
        int length = Nbd.RequestBytes + PayloadBytes;
        NbdCommand command = Request == Kind.Read ? NbdCommand.Read : NbdCommand.Write;
        _batch = new byte[Batch * length];
        for (int i = 0; i < Batch; i++)
        {
            Span<byte> header = _batch.AsSpan(i * length);
            BinaryPrimitives.WriteUInt32BigEndian(header, Nbd.RequestMagic);
            BinaryPrimitives.WriteUInt16BigEndian(header[6..], (ushort)command);
            BinaryPrimitives.WriteUInt64BigEndian(header[16..], (ulong)(i * length));
            BinaryPrimitives.WriteUInt32BigEndian(header[24..], (uint)PayloadBytes);
        }
    }

    private static void Insist(bool good)
    {
        if (!good)
            throw new InvalidDataException("the stream ended, or is no stream of requests");
    }
}
