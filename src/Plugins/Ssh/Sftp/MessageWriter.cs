// Writes the fields of a message to an SFTP server. Not: which fields a message has.

using System;
using System.Buffers.Binary;
using System.Text;

namespace NbdFast.Plugins.Ssh.Sftp;

/// <summary>Big-endian numbers, and strings with their length in front; the length of the message comes first and is
/// set by <see cref="End"/>. Whoever writes has seen to it that there is room.</summary>
internal ref struct MessageWriter
{
    private const int LengthBytes = sizeof(uint);

    private readonly Span<byte> _room;

    /// <summary>Begins a message.</summary>
    [HotPath]
    public MessageWriter(Span<byte> room, SftpKind kind, uint id)
    {
        _room = room;
        Position = LengthBytes;
        room[Position++] = (byte)kind;
        Add(id);
    }

    /// <summary>How many bytes there are, with the length in front.</summary>
    public int Position { get; private set; }

    /// <summary>Adds a number.</summary>
    [HotPath]
    public void Add(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_room[Position..], value);
        Position += sizeof(uint);
    }

    /// <summary>Adds a number.</summary>
    [HotPath]
    public void Add(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_room[Position..], value);
        Position += sizeof(ulong);
    }

    /// <summary>Adds a string.</summary>
    [HotPath]
    public void Add(ReadOnlySpan<byte> value)
    {
        Add((uint)value.Length);
        value.CopyTo(_room[Position..]);
        Position += value.Length;
    }

    /// <summary>Adds a string.</summary>
    public void Add(string value) => Add(Encoding.UTF8.GetBytes(value));

    /// <summary>Sets the length.</summary>
    /// <param name="more">Bytes of the message that follow from elsewhere.</param>
    /// <returns>The bytes written.</returns>
    [HotPath]
    public readonly int End(int more = 0)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_room, (uint)(Position - LengthBytes + more));
        return Position;
    }
}
