// Reads the fields of a message of an SFTP server, which may be wrong. Not: which fields a message has.

using System;
using System.Buffers.Binary;
using System.Text;

namespace NbdFast.Plugins.Ssh.Sftp;

/// <summary>Goes through the fields. What reaches beyond the end reads as 0 or nothing, and is remembered.</summary>
internal ref struct MessageReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>Something was missing.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Nothing is left.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>The next number.</summary>
    public uint Number()
    {
        ReadOnlySpan<byte> bytes = Take(sizeof(uint));
        return bytes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    /// <summary>The next long number.</summary>
    public ulong LongNumber()
    {
        ReadOnlySpan<byte> bytes = Take(sizeof(ulong));
        return bytes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    /// <summary>The next string.</summary>
    public ReadOnlySpan<byte> Bytes() => Take(Number());

    /// <summary>The next string, as text.</summary>
    public string Text() => Encoding.UTF8.GetString(Bytes());

    private ReadOnlySpan<byte> Take(uint count)
    {
        if (count > (uint)_rest.Length)
        {
            IsBroken = true;
            _rest = default;
            return default;
        }

        ReadOnlySpan<byte> taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }
}
