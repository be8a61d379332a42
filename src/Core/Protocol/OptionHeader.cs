// The headers of options and of replies to them. Not: their data (OptionData).

using System;
using System.Buffers.Binary;

namespace NbdFast.Protocol;

/// <summary>The header in front of an option's data.</summary>
internal readonly record struct OptionHeader(NbdOption Option, uint Length)
{
    /// <summary>Parses it.</summary>
    /// <returns>False if the magic number is wrong.</returns>
    public static bool TryParse(ReadOnlySpan<byte> data, out OptionHeader header)
    {
        header = new OptionHeader(
            (NbdOption)BinaryPrimitives.ReadUInt32BigEndian(data[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(data[12..]));
        return BinaryPrimitives.ReadUInt64BigEndian(data) == Nbd.OptionMagic;
    }

    /// <summary>Writes the header of a reply to an option.</summary>
    public static void WriteReply(Span<byte> target, NbdOption option, NbdReply reply, int length)
    {
        BinaryPrimitives.WriteUInt64BigEndian(target, Nbd.OptionReplyMagic);
        BinaryPrimitives.WriteUInt32BigEndian(target[8..], (uint)option);
        BinaryPrimitives.WriteUInt32BigEndian(target[12..], (uint)reply);
        BinaryPrimitives.WriteUInt32BigEndian(target[16..], (uint)length);
    }
}
