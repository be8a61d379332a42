// The header of a request, in both its forms. Not: whether the request is allowed (RequestRules).

using System;
using System.Buffers.Binary;

namespace NbdFast.Protocol;

/// <summary>A request of the transmission phase ("Request message" and "Extended request message").</summary>
internal struct RequestHeader
{
    public CommandFlags Flags;
    public NbdCommand Command;
    public ulong Cookie;
    public ulong Offset;

    /// <summary>The length of the effect, or of the payload where <see cref="CommandFlags.PayloadLength"/> is
    /// set.</summary>
    public ulong Length;

    /// <summary>Parses the first bytes of <paramref name="data"/>.</summary>
    /// <returns>False if the magic number is wrong: the stream cannot be trusted any more.</returns>
    [HotPath]
    public static bool TryParse(ReadOnlySpan<byte> data, bool extended, out RequestHeader header)
    {
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(data);
        header.Flags = (CommandFlags)BinaryPrimitives.ReadUInt16BigEndian(data[4..]);
        header.Command = (NbdCommand)BinaryPrimitives.ReadUInt16BigEndian(data[6..]);
        header.Cookie = BinaryPrimitives.ReadUInt64BigEndian(data[8..]);
        header.Offset = BinaryPrimitives.ReadUInt64BigEndian(data[16..]);
        header.Length = extended
            ? BinaryPrimitives.ReadUInt64BigEndian(data[24..])
            : BinaryPrimitives.ReadUInt32BigEndian(data[24..]);
        return magic == (extended ? Nbd.ExtendedRequestMagic : Nbd.RequestMagic);
    }

    /// <summary>Writes it, as a client does.</summary>
    /// <param name="target">At least <see cref="Nbd.RequestBytes"/>, or <see cref="Nbd.ExtendedRequestBytes"/>.</param>
    /// <param name="extended">The form; the other one has lengths of 32 bits.</param>
    [HotPath]
    public readonly void Write(Span<byte> target, bool extended)
    {
        BinaryPrimitives.WriteUInt32BigEndian(target, extended ? Nbd.ExtendedRequestMagic : Nbd.RequestMagic);
        BinaryPrimitives.WriteUInt16BigEndian(target[4..], (ushort)Flags);
        BinaryPrimitives.WriteUInt16BigEndian(target[6..], (ushort)Command);
        BinaryPrimitives.WriteUInt64BigEndian(target[8..], Cookie);
        BinaryPrimitives.WriteUInt64BigEndian(target[16..], Offset);
        if (extended)
            BinaryPrimitives.WriteUInt64BigEndian(target[24..], Length);
        else
            BinaryPrimitives.WriteUInt32BigEndian(target[24..], (uint)Length);
    }

    /// <summary>How many bytes of payload follow the header.</summary>
    /// <param name="extended">Extended headers were negotiated. Only then has the payload flag a meaning; WRITE always
    /// has a payload.</param>
    [HotPath]
    public readonly ulong PayloadBytes(bool extended) =>
        Command == NbdCommand.Write || (extended && (Flags & CommandFlags.PayloadLength) != 0) ? Length : 0;
}
