// Reads the data of an option: numbers and strings, never past its end. Not: what they mean (Handshake).

using System;
using System.Buffers.Binary;
using System.Text;

namespace NbdFast.Protocol;

/// <summary>A cursor over an option's data. Each method answers false if the data is too short or not well
/// formed.</summary>
internal ref struct OptionData(ReadOnlySpan<byte> data)
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> _rest = data;

    /// <summary>All was read.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    public bool TryReadUInt16(out ushort value)
    {
        value = 0;
        if (_rest.Length < sizeof(ushort))
            return false;
        value = BinaryPrimitives.ReadUInt16BigEndian(_rest);
        _rest = _rest[sizeof(ushort)..];
        return true;
    }

    public bool TryReadUInt32(out uint value)
    {
        value = 0;
        if (_rest.Length < sizeof(uint))
            return false;
        value = BinaryPrimitives.ReadUInt32BigEndian(_rest);
        _rest = _rest[sizeof(uint)..];
        return true;
    }

    /// <summary>Reads a string with its length in front: UTF-8 without NUL, at most 4096 bytes.</summary>
    public bool TryReadString(out string value)
    {
        value = "";
        if (!TryReadUInt32(out uint length) || length > (uint)_rest.Length)
            return false;
        bool valid = TryDecode(_rest[..(int)length], out value);
        _rest = _rest[(int)length..];
        return valid;
    }

    /// <summary>Decodes a string of the protocol.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out string value)
    {
        value = "";
        if (bytes.Length > Nbd.MaximumStringBytes || bytes.Contains((byte)0))
            return false;
        try
        {
            value = Strict.GetString(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
