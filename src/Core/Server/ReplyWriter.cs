// Puts replies into the send queue, in the form that the client negotiated. Not: what is replied (RequestExecutor).

using System;
using System.Buffers.Binary;
using NbdFast.Buffers;
using NbdFast.Protocol;
using NbdFast.Transport;

namespace NbdFast.Server;

/// <summary>The replies of one connection. Any thread may call; a reply's chunks stay together.</summary>
internal sealed class ReplyWriter(SendQueue output, BufferLender lender, ReplyMode mode, ulong exportSize)
{
    /// <summary>The most loans of one read reply: more are copied instead.</summary>
    public const int MaximumLoans = 64;

    private const int ErrorPreambleBytes = 6;
    private const int OffsetBytes = 8;
    private const int HolePayloadBytes = 12;
    private const int MaximumTextBytes = 1024;
    private const int LargestInArena = 8 << 10;
    private const int MaximumRuns = 2 * MaximumLoans + (BufferPool.MaximumPayload / ZeroRun.Bytes) + 1;

    private readonly int _chunkBytes = ReplyHeader.ChunkBytes(mode);

    /// <summary>Parts of files can be sent from where they lie.</summary>
    public bool SendsFiles => output.SendsFiles;

    /// <summary>A buffer of any size can be had without waiting, as far as can be foreseen.</summary>
    public bool HasMemory => lender.HasRoom;

    /// <summary>Answers success without data.</summary>
    [HotPath]
    public void Success(in RequestHeader request)
    {
        if (mode == ReplyMode.Extended)
        {
            Span<byte> chunk = output.Enter(1, _chunkBytes).Append(_chunkBytes);
            ReplyHeader.WriteChunk(
                chunk, mode, ChunkFlags.Done, ChunkType.None, request.Cookie, request.Offset, payloadBytes: 0);
        }
        else
        {
            Span<byte> simple = output.Enter(1, Nbd.SimpleReplyBytes).Append(Nbd.SimpleReplyBytes);
            ReplyHeader.WriteSimple(simple, NbdError.Ok, request.Cookie);
        }

        output.Leave();
    }

    /// <summary>Answers an error; with structured replies the text goes along.</summary>
    public void Error(in RequestHeader request, Errno errno, string? text)
    {
        NbdError error = NbdErrorMap.ToWire(errno, request.Flags);
        if (mode == ReplyMode.Simple)
        {
            Span<byte> simple = output.Enter(1, Nbd.SimpleReplyBytes).Append(Nbd.SimpleReplyBytes);
            ReplyHeader.WriteSimple(simple, error, request.Cookie);
            output.Leave();
            return;
        }

        Span<byte> message = stackalloc byte[MaximumTextBytes];
        int length = ErrorText.Encode(text, message);
        int payload = ErrorPreambleBytes + length;
        Span<byte> chunk = output.Enter(1, _chunkBytes + payload).Append(_chunkBytes + payload);
        ReplyHeader.WriteChunk(
            chunk, mode, ChunkFlags.Done, ChunkType.Error, request.Cookie, request.Offset, (uint)payload);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[_chunkBytes..], (uint)error);
        BinaryPrimitives.WriteUInt16BigEndian(chunk[(_chunkBytes + 4)..], (ushort)length);
        message[..length].CopyTo(chunk[(_chunkBytes + ErrorPreambleBytes)..]);
        output.Leave();
    }

    /// <summary>Answers a read with what is in the buffer, which goes back to its pool once it is sent.</summary>
    [HotPath]
    public void Data(in RequestHeader request, RequestBuffer buffer)
    {
        int header = WriteDataHeader(request, buffer);
        Append(output.Enter(1, 0), request, buffer, header);
    }

    /// <summary>As <see cref="Data"/>, if that is possible without waiting.</summary>
    /// <returns>False if nothing was done.</returns>
    [HotPath]
    public bool TryData(in RequestHeader request, RequestBuffer buffer)
    {
        int header = WriteDataHeader(request, buffer);
        if (!output.TryEnter(1, out SendBatch batch))
            return false;
        Append(batch, request, buffer, header);
        return true;
    }

    // Right in front of the data.
    [HotPath]
    private int WriteDataHeader(in RequestHeader request, RequestBuffer buffer)
    {
        int header;
        if (mode == ReplyMode.Simple)
        {
            header = Nbd.SimpleReplyBytes;
            ReplyHeader.WriteSimple(buffer.Header(header), NbdError.Ok, request.Cookie);
        }
        else
        {
            header = _chunkBytes + OffsetBytes;
            WriteDataHeader(buffer.Header(header), request);
        }

        return header;
    }

    [HotPath]
    private void Append(SendBatch batch, in RequestHeader request, RequestBuffer buffer, int header)
    {
        batch.Runs.Add(buffer.PayloadAddress - header, header + (int)request.Length);
        batch.Own(buffer);
        output.Leave();
    }

    /// <summary>Answers a read with what is in the buffer, and with the holes that are noted on it as such if the
    /// client takes them. The buffer goes back to its pool once it is sent.</summary>
    [HotPath]
    public void DataAndHoles(in RequestHeader request, RequestBuffer buffer)
    {
        bool isSparse = mode != ReplyMode.Simple && !buffer.Holes.IsEmpty;
        Span<Loan> parts = isSparse ? stackalloc Loan[MaximumLoans] : default;
        int count = isSparse ? Split(buffer, (int)request.Length, parts) : 0;
        bool mustBeWhole = count > 1 && (request.Flags & CommandFlags.Df) != 0;
        if (!isSparse || mustBeWhole)
        {
            Data(request, buffer);
            return;
        }

        SendBatch batch = output.Enter(MaximumRuns, count * (_chunkBytes + HolePayloadBytes));
        ChunkedLoans(batch, request, parts[..count]);
        batch.Own(buffer);
        output.Leave();
    }

    /// <summary>Answers a read from where the bytes lie.</summary>
    /// <param name="request">The read.</param>
    /// <param name="loans">Memory and holes that together are the whole range; at most
    /// <see cref="MaximumLoans"/>.</param>
    [HotPath]
    public void Loans(in RequestHeader request, ReadOnlySpan<Loan> loans)
    {
        int runs = loans.Length == 1 && loans[0].Kind == LoanKind.Memory ? 2 : MaximumRuns;
        SendBatch batch = output.Enter(runs, loans.Length * (_chunkBytes + HolePayloadBytes));
        if (mode == ReplyMode.Simple)
            SimpleLoans(batch, request, loans);
        else
            ChunkedLoans(batch, request, loans);
        output.Leave();
    }

    /// <summary>Answers a read with a part of a file, which the kernel sends from where it lies. Only where
    /// <see cref="SendsFiles"/>.</summary>
    [HotPath]
    public void File(in RequestHeader request, Loan file)
    {
        SendBatch batch = output.Enter(1, _chunkBytes + OffsetBytes);
        if (mode == ReplyMode.Simple)
            ReplyHeader.WriteSimple(batch.Append(Nbd.SimpleReplyBytes), NbdError.Ok, request.Cookie);
        else
            WriteDataHeader(batch.Append(_chunkBytes + OffsetBytes), request);
        batch.Append(file);
        output.Leave();
    }

    /// <summary>Answers a block status request.</summary>
    [HotPath]
    public void Extents(in RequestHeader request, ExtentList list)
    {
        bool extended = mode == ReplyMode.Extended;
        bool onlyOne = (request.Flags & CommandFlags.ReqOne) != 0;
        int count = BlockStatus.CountToSend(list, onlyOne);
        ulong end = onlyOne ? list.End : exportSize;
        int payload = BlockStatus.PayloadBytes(count, extended);
        ChunkType type = extended ? ChunkType.BlockStatusExtended : ChunkType.BlockStatus;

        RequestBuffer? buffer = payload > LargestInArena ? Rent(payload) : null;
        SendBatch batch = output.Enter(2, _chunkBytes + (buffer == null ? payload : 0));
        ReplyHeader.WriteChunk(
            batch.Append(_chunkBytes), mode, ChunkFlags.Done, type, request.Cookie, request.Offset, (uint)payload);
        if (buffer == null)
        {
            BlockStatus.Write(batch.Append(payload), list, count, end, extended);
        }
        else
        {
            BlockStatus.Write(buffer.Payload(payload), list, count, end, extended);
            batch.Runs.Add(buffer.PayloadAddress, payload);
            batch.Own(buffer);
        }

        output.Leave();
    }

    /// <summary>Lends a buffer, if one can be had without waiting.</summary>
    [HotPath]
    public bool TryRent(int payload, out RequestBuffer? buffer) => lender.TryRent(payload, out buffer);

    /// <summary>Lends a buffer. What waits to be sent holds some of the budget: it goes out before anybody
    /// waits.</summary>
    [HotPath]
    public RequestBuffer Rent(int payload)
    {
        if (lender.TryRent(payload, out RequestBuffer? buffer))
            return buffer!;
        output.Flush();
        Burst.SendNow();
        return lender.Rent(payload);
    }

    /// <summary>Takes back a buffer that no reply was made of.</summary>
    [HotPath]
    public void GiveBack(RequestBuffer buffer) => lender.Return(buffer);

    [HotPath]
    private static int Split(RequestBuffer buffer, int length, Span<Loan> parts)
    {
        int count = 0;
        int reached = 0;
        foreach (HoleMarks.Hole hole in buffer.Holes)
        {
            if (hole.Start > reached)
                parts[count++] = Loan.OfMemory(buffer.PayloadAddress + reached, (uint)(hole.Start - reached));
            parts[count++] = Loan.OfHole((uint)(hole.End - hole.Start));
            reached = hole.End;
        }

        if (reached < length)
            parts[count++] = Loan.OfMemory(buffer.PayloadAddress + reached, (uint)(length - reached));
        return count;
    }

    // Of a reply whose data is one chunk.
    [HotPath]
    private void WriteDataHeader(Span<byte> chunk, in RequestHeader request)
    {
        ReplyHeader.WriteChunk(
            chunk, mode, ChunkFlags.Done, ChunkType.OffsetData, request.Cookie, request.Offset,
            (uint)request.Length + OffsetBytes);
        BinaryPrimitives.WriteUInt64BigEndian(chunk[_chunkBytes..], request.Offset);
    }

    [HotPath]
    private static void SimpleLoans(SendBatch batch, in RequestHeader request, ReadOnlySpan<Loan> loans)
    {
        ReplyHeader.WriteSimple(batch.Append(Nbd.SimpleReplyBytes), NbdError.Ok, request.Cookie);
        foreach (Loan loan in loans)
        {
            if (loan.Kind == LoanKind.Memory)
                batch.Runs.Add(loan.Address, (int)loan.Length);
            else
                ZeroRun.AddTo(batch.Runs, (int)loan.Length);
        }
    }

    [HotPath]
    private void ChunkedLoans(SendBatch batch, in RequestHeader request, ReadOnlySpan<Loan> loans)
    {
        ulong offset = request.Offset;
        for (int i = 0; i < loans.Length; i++)
        {
            Loan loan = loans[i];
            bool isHole = loan.Kind == LoanKind.Hole;
            int fixedBytes = isHole ? HolePayloadBytes : OffsetBytes;
            Span<byte> chunk = batch.Append(_chunkBytes + fixedBytes);
            ReplyHeader.WriteChunk(
                chunk,
                mode,
                i == loans.Length - 1 ? ChunkFlags.Done : ChunkFlags.None,
                isHole ? ChunkType.OffsetHole : ChunkType.OffsetData,
                request.Cookie,
                request.Offset,
                isHole ? HolePayloadBytes : OffsetBytes + loan.Length);
            BinaryPrimitives.WriteUInt64BigEndian(chunk[_chunkBytes..], offset);
            if (isHole)
                BinaryPrimitives.WriteUInt32BigEndian(chunk[(_chunkBytes + OffsetBytes)..], loan.Length);
            else
                batch.Runs.Add(loan.Address, (int)loan.Length);
            offset += loan.Length;
        }
    }
}
