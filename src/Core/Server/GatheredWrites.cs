// Writes of one batch that follow each other on the disk, written to a file by one call, or to memory. Not: whether a
// write may be gathered at all, which the chain says by lending its place (Api/Link.LendForWrite).

using System;
using NbdFast.Native;
using NbdFast.Protocol;

namespace NbdFast.Server;

/// <summary>
/// Looks behind a small write for others that begin where it ends, and lie whole in the receive buffer: what a client
/// sends that writes a file in order. Their data goes to the file from where it was received.
/// </summary>
internal sealed class GatheredWrites : IDisposable
{
    private const int MostWrites = 128;
    private const int MostBytes = 1 << 20;

    private readonly RequestHeader[] _requests = new RequestHeader[MostWrites];
    private readonly GatherList _data = new();

    /// <summary>How many writes there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many bytes of the receive buffer they take, headers and data.</summary>
    public int ReceivedBytes { get; private set; }

    /// <summary>How many bytes they write.</summary>
    public int DataBytes { get; private set; }

    /// <summary>The writes.</summary>
    public ReadOnlySpan<RequestHeader> Requests => _requests.AsSpan(0, Count);

    /// <summary>Takes the write that the bytes begin with, and those behind it.</summary>
    /// <param name="first">Its header.</param>
    /// <param name="received">What was received; its memory stays where it is.</param>
    /// <param name="headerBytes">The length of a header.</param>
    /// <param name="terms">What requests are judged by.</param>
    [HotPath]
    public void Collect(
        in RequestHeader first, ReadOnlySpan<byte> received, int headerBytes, in TransmissionTerms terms)
    {
        Count = 0;
        ReceivedBytes = 0;
        DataBytes = 0;
        _data.Clear();
        RequestHeader request = first;
        do
        {
            int length = (int)request.Length;
            _requests[Count++] = request;
            _data.Add(NativeBuffer.AddressOf(received[(ReceivedBytes + headerBytes)..]), length);
            ReceivedBytes += headerBytes + length;
            DataBytes += length;
        }
        while (Count < MostWrites && DataBytes < MostBytes
            && Follows(received[ReceivedBytes..], headerBytes, terms, out request));
    }

    /// <summary>Writes them to what was lent for all of them.</summary>
    /// <returns>False if not all was written: why, the chain's own write tells.</returns>
    [HotPath]
    public bool Write(Loan place)
    {
        if (place.Kind == LoanKind.Memory)
            return _data.CopyTo(NativeBuffer.At(place.Address, DataBytes)) == DataBytes;
        nint written;
        do
            written = Libc.WriteAt(place.Descriptor, _data, place.FileOffset);
        while (written == -(nint)Errno.EINTR);
        return written == DataBytes;
    }

    public void Dispose() => _data.Dispose();

    [HotPath]
    private bool Follows(
        ReadOnlySpan<byte> received, int headerBytes, in TransmissionTerms terms, out RequestHeader next)
    {
        next = default;
        if (received.Length < headerBytes)
            return false;
        ref readonly RequestHeader last = ref _requests[Count - 1];
        return RequestHeader.TryParse(received, terms.Mode == ReplyMode.Extended, out next)
            && next.Command == NbdCommand.Write
            && next.Offset == last.Offset + last.Length
            && RequestExecutor.FlagsOf(next) == RequestFlags.None
            && next.Length <= (ulong)(received.Length - headerBytes)
            && RequestRules.Check(next, terms, out _) == Errno.Ok;
    }
}
