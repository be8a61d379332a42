// Requests that one gathering send takes. Not: who sends when (RequestSender).

using System;
using NbdFast.Native;
using NbdFast.Protocol;

namespace NbdFast.Client;

/// <summary>Headers side by side, and the memory of writes where it lies.</summary>
internal sealed class RequestBatch : IDisposable
{
    private const int MostRequests = GatherList.MaximumCount / 2;   // A header and its data each.
    private const int MostBytes = 4 << 20;

    private readonly NativeBuffer _headers = new(MostRequests * Nbd.ExtendedRequestBytes);
    private readonly PendingRequest?[] _writes = new PendingRequest?[MostRequests];
    private int _headerBytes;

    /// <summary>What is to be sent.</summary>
    public GatherList Runs { get; } = new();

    /// <summary>The requests among them whose memory is sent.</summary>
    public ReadOnlySpan<PendingRequest?> Writes => _writes.AsSpan(0, WriteCount);

    /// <summary>How many of them there are.</summary>
    public int WriteCount { get; private set; }

    /// <summary>The next in a queue.</summary>
    public RequestBatch? Next { get; set; }

    /// <summary>One more fits.</summary>
    public bool HasRoom =>
        _headerBytes + Nbd.ExtendedRequestBytes <= _headers.Length && Runs.Room >= 2 && Runs.Bytes < MostBytes;

    /// <summary>Appends a request. There must be room.</summary>
    [HotPath]
    public void Append(PendingRequest request, bool extended)
    {
        int length = extended ? Nbd.ExtendedRequestBytes : Nbd.RequestBytes;
        request.Header.Write(_headers.Span.Slice(_headerBytes, length), extended);
        Runs.Add(_headers.Address + _headerBytes, length);
        _headerBytes += length;
        if (request.Header.Command != NbdCommand.Write)
            return;
        Runs.Add(request.Address, (int)request.Header.Length);
        _writes[WriteCount++] = request;
    }

    /// <summary>Empties it.</summary>
    [HotPath]
    public void Clear()
    {
        Array.Clear(_writes, 0, WriteCount);
        WriteCount = 0;
        _headerBytes = 0;
        Runs.Clear();
    }

    public void Dispose()
    {
        Runs.Dispose();
        _headers.Release();
    }
}
