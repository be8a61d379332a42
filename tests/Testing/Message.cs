// Bytes in network order, put together field by field. Not: knowledge of any message of the protocol.

using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace NbdFast.Testing;

/// <summary>A message under construction.</summary>
public sealed class Message
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>What there is so far.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    public Message U16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_bytes.GetSpan(2), value);
        _bytes.Advance(2);
        return this;
    }

    public Message U32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_bytes.GetSpan(4), value);
        _bytes.Advance(4);
        return this;
    }

    public Message U64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_bytes.GetSpan(8), value);
        _bytes.Advance(8);
        return this;
    }

    public Message Raw(ReadOnlySpan<byte> value)
    {
        _bytes.Write(value);
        return this;
    }

    /// <summary>A text without its length.</summary>
    public Message Text(string value) => Raw(Encoding.UTF8.GetBytes(value));

    /// <summary>A text after its length in 32 bits, as most options have it.</summary>
    public Message LengthAndText(string value) => U32((uint)Encoding.UTF8.GetByteCount(value)).Text(value);
}
