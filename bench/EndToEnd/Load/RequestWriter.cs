// Requests as bytes, gathered until the socket takes them. Not: which requests (LoadConnection).

using System;
using System.Buffers.Binary;
using NbdFast.Bench.EndToEnd.Native;
using NbdFast.Native;
using NbdFast.Protocol;

namespace NbdFast.Bench.EndToEnd.Load;

/// <summary>All requests of a turn go out with one send. Headers are laid one behind the other; payload is sent from
/// where it lies.</summary>
internal sealed class RequestWriter : IDisposable
{
    private const int RunsOfARequest = 2;

    private readonly GatherList _list = new();
    private readonly NativeBuffer _headers;
    private readonly NativeBuffer? _payload;
    private readonly LoadOptions _options;
    private int _end;
    private int _nextPayload;

    /// <summary>Makes room for the requests of a connection.</summary>
    public RequestWriter(LoadOptions options)
    {
        _options = options;
        _headers = new NativeBuffer(2 * options.Depth * Nbd.RequestBytes);
        if (!options.Write)
            return;
        // What is verified needs a payload of its own until it is answered; else one serves all.
        _payload = new NativeBuffer(options.BlockBytes * (options.Verify ? 2 * options.Depth : 1));
        DiskPattern.Fill(_payload.Span, 0);
    }

    /// <summary>There are bytes that the socket did not take.</summary>
    public bool IsPending => _list.Count > 0;

    /// <summary>A further request fits.</summary>
    public bool HasRoom => _list.Room >= RunsOfARequest && _end + Nbd.RequestBytes <= _headers.Length;

    /// <summary>Appends a request.</summary>
    public void Add(ulong cookie, ulong offset)
    {
        Span<byte> header = _headers.Span.Slice(_end, Nbd.RequestBytes);
        BinaryPrimitives.WriteUInt32BigEndian(header, Nbd.RequestMagic);
        NbdCommand command = _options.Write ? NbdCommand.Write : NbdCommand.Read;
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], (uint)command);   // No flags.
        BinaryPrimitives.WriteUInt64BigEndian(header[8..], cookie);
        BinaryPrimitives.WriteUInt64BigEndian(header[16..], offset);
        BinaryPrimitives.WriteInt32BigEndian(header[24..], _options.BlockBytes);
        _list.Add(_headers.Address + _end, Nbd.RequestBytes);
        _end += Nbd.RequestBytes;
        if (_payload != null)
            _list.Add(Payload(offset), _options.BlockBytes);
    }

    /// <summary>Sends what the socket takes without waiting.</summary>
    public void Flush(int socket)
    {
        while (_list.Count > 0)
        {
            nint sent = ClientSocket.SendAtOnce(socket, _list);
            if (sent == -(nint)Errno.EAGAIN)
                return;
            if (sent < 0 && sent != -(nint)Errno.EINTR)
                throw new LoadException($"send: {(Errno)(-sent)}");
            if (sent > 0)
                _list.Advance(sent);
        }

        _list.Clear();
        _end = 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _list.Dispose();
        _headers.Release();
        _payload?.Release();
    }

    private nint Payload(ulong offset)
    {
        if (!_options.Verify)
            return _payload!.Address;
        int place = _nextPayload++ % (2 * _options.Depth) * _options.BlockBytes;
        DiskPattern.Fill(_payload!.Span.Slice(place, _options.BlockBytes), offset);
        return _payload.Address + place;
    }
}
