// One reply to an option of the handshake. Not: receiving it (RawClient).

using System;
using System.Buffers.Binary;
using System.Text;

namespace NbdFast.Testing;

/// <summary>A reply as it came.</summary>
/// <param name="Option">The option it answers.</param>
/// <param name="Type">What it is, one of NbdWire.Reply...</param>
/// <param name="Data">The rest.</param>
public sealed record OptionReply(uint Option, uint Type, byte[] Data)
{
    /// <summary>The server declines.</summary>
    public bool IsError => (Type & NbdWire.ReplyErrorBit) != 0;

    /// <summary>The data as text, as errors have it.</summary>
    public string Text => Encoding.UTF8.GetString(Data);

    /// <summary>The kind of an information.</summary>
    public ushort InfoType => BinaryPrimitives.ReadUInt16BigEndian(Data);

    public ushort U16(int position) => BinaryPrimitives.ReadUInt16BigEndian(Data.AsSpan(position));

    public uint U32(int position) => BinaryPrimitives.ReadUInt32BigEndian(Data.AsSpan(position));

    public ulong U64(int position) => BinaryPrimitives.ReadUInt64BigEndian(Data.AsSpan(position));
}
