// The chunks of structured replies, in both their forms. Not: receiving (ReplyReader).

using System;
using System.Buffers.Binary;
using NbdFast.Protocol;

namespace NbdFast.Client;

internal sealed partial class ReplyReader
{
    private const uint OffsetBytes = 8;
    private const uint HoleBytes = 12;
    private const uint ErrorBytes = 6;
    private const uint LongestError = ErrorBytes + Nbd.MaximumStringBytes + OffsetBytes;
    private const uint LongestStatus = 64 << 20;
    private const ushort ErrorBit = 1 << 15;

    [HotPath]
    private bool ReadChunk()
    {
        if (!Need(_chunkBytes))
            return false;
        ReadOnlySpan<byte> header = input.Available;
        var flags = (ChunkFlags)BinaryPrimitives.ReadUInt16BigEndian(header[4..]);
        var type = (ChunkType)BinaryPrimitives.ReadUInt16BigEndian(header[6..]);
        PendingRequest? request = table.Find(BinaryPrimitives.ReadUInt64BigEndian(header[8..]));
        ulong length = _extended
            ? BinaryPrimitives.ReadUInt64BigEndian(header[24..])
            : BinaryPrimitives.ReadUInt32BigEndian(header[16..]);
        if (request == null)
            return Broken("a reply has no request");
        input.Consume(_chunkBytes);
        bool isLast = (flags & ChunkFlags.Done) != 0;
        bool isRead = type switch
        {
            ChunkType.OffsetData => ReadData(request, length),
            ChunkType.OffsetHole => ReadHole(request, length),
            ChunkType.None => ReadNothing(length, isLast),
            ChunkType.BlockStatus when !_extended => ReadExtents(request, length),
            ChunkType.BlockStatusExtended when _extended => ReadExtents(request, length),
            _ when ((ushort)type & ErrorBit) != 0 => ReadError(request, type, length),
            _ => Broken("a chunk is of an unknown type"),
        };
        if (isRead && isLast)
            EndStructured(request);
        return isRead;
    }

    [HotPath]
    private void EndStructured(PendingRequest request)
    {
        if (request.Error == Errno.Ok && !IsComplete(request))
            request.Error = Errno.EIO;
        End(request);
    }

    [HotPath]
    private static bool IsComplete(PendingRequest request) => request.Header.Command switch
    {
        NbdCommand.Read => request.Covered.IsWhole,
        NbdCommand.BlockStatus => request.ExtentBytes > 0,
        _ => true,
    };

    [HotPath]
    private bool ReadData(PendingRequest request, ulong length)
    {
        if (request.Header.Command != NbdCommand.Read || length <= OffsetBytes || length > Nbd.MaximumSkippedBytes)
            return Broken("a chunk of data does not fit its request");
        if (!Need((int)OffsetBytes))
            return false;
        ulong offset = BinaryPrimitives.ReadUInt64BigEndian(input.Available);
        input.Consume((int)OffsetBytes);
        uint count = (uint)(length - OffsetBytes);
        return request.Covered.Add(offset, count)
            ? Fill(request, (uint)(offset - request.Header.Offset), count)
            : Broken("a chunk of data is not what was asked for, or comes twice");
    }

    [HotPath]
    private bool ReadHole(PendingRequest request, ulong length)
    {
        if (request.Header.Command != NbdCommand.Read || length != HoleBytes)
            return Broken("a chunk for a hole does not fit its request");
        if (!Need((int)HoleBytes))
            return false;
        ulong offset = BinaryPrimitives.ReadUInt64BigEndian(input.Available);
        uint count = BinaryPrimitives.ReadUInt32BigEndian(input.Available[(int)OffsetBytes..]);
        input.Consume((int)HoleBytes);
        if (!request.Covered.Add(offset, count))
            return Broken("a hole is not what was asked for, or comes twice");
        request.MakeHole((int)(offset - request.Header.Offset), (int)count);
        return true;
    }

    [HotPath]
    private bool ReadNothing(ulong length, bool isLast) =>
        (length == 0 && isLast) || Broken("an empty chunk is not empty, or not the last");

    // The entries are used as they come: however many there are, they take no memory.
    private bool ReadExtents(PendingRequest request, ulong length)
    {
        int preamble = _extended ? 8 : 4;
        int entry = _extended ? 16 : 8;
        bool fits = request.Header.Command == NbdCommand.BlockStatus && request.ExtentBytes == 0
            && length >= (ulong)(preamble + entry) && length <= LongestStatus
            && (length - (ulong)preamble) % (ulong)entry == 0;
        if (!fits)
            return Broken("a chunk of extents does not fit its request");
        if (!Need(preamble))
            return false;
        uint context = BinaryPrimitives.ReadUInt32BigEndian(input.Available);
        uint count = (uint)((length - (ulong)preamble) / (ulong)entry);
        // 0: the server does not tell.
        uint told = _extended ? BinaryPrimitives.ReadUInt32BigEndian(input.Available[4..]) : 0;
        input.Consume(preamble);
        if (context != terms.AllocationContext || (told != 0 && told != count))
            return Broken("a chunk of extents is of an unknown context, or has another number of them");
        for (uint i = 0; i < count; i++)
        {
            if (!Need(entry))
                return false;
            if (!AddExtent(request))
                return Broken("an extent is empty or lies behind the end of the export");
            input.Consume(entry);
        }

        return true;
    }

    // The last one may reach over the range that was asked for, but not over the export.
    private bool AddExtent(PendingRequest request)
    {
        ReadOnlySpan<byte> entry = input.Available;
        ulong length = _extended
            ? BinaryPrimitives.ReadUInt64BigEndian(entry)
            : BinaryPrimitives.ReadUInt32BigEndian(entry);
        ulong type = _extended
            ? BinaryPrimitives.ReadUInt64BigEndian(entry[8..])
            : BinaryPrimitives.ReadUInt32BigEndian(entry[4..]);
        ulong start = request.Header.Offset + request.ExtentBytes;
        if (length == 0 || length > terms.Size - start)
            return false;
        request.ExtentBytes += length;
        return request.Extents!.Add(start, length, (ExtentType)type & ExtentType.HoleZero) == Errno.Ok;
    }

    // Of several errors the first counts. The text is the server's, for people.
    private bool ReadError(PendingRequest request, ChunkType type, ulong length)
    {
        if (length < ErrorBytes || length > LongestError)
            return Broken($"an error has {length} bytes");
        if (!Need((int)length))
            return false;
        ReadOnlySpan<byte> payload = input.Available[..(int)length];
        uint error = BinaryPrimitives.ReadUInt32BigEndian(payload);
        ushort text = BinaryPrimitives.ReadUInt16BigEndian(payload[4..]);
        uint behind = type == ChunkType.ErrorOffset ? OffsetBytes : 0;
        if (type is ChunkType.Error or ChunkType.ErrorOffset && text != length - ErrorBytes - behind)
            return Broken("the text of an error is longer, or shorter, than its chunk");
        if (request.Error == Errno.Ok)
            request.Error = NbdErrorMap.FromWire(error);
        ReadOnlySpan<byte> words = payload.Slice((int)ErrorBytes, Math.Min(text, payload.Length - (int)ErrorBytes));
        if (Log.IsVerbose && OptionData.TryDecode(words, out string said) && said.Length > 0)
            Log.Debug($"the server: {WireName.Of(request.Header.Command)}: {said}");
        input.Consume((int)length);
        return true;
    }
}
