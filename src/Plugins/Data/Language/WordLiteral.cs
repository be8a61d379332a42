// Bytes written as numbers: BYTE, le16:WORD and its like. Not: strings (StringLiteral).

using System.Buffers.Binary;

namespace NbdFast.Plugins.Data.Language;

/// <summary>Reads bytes and words.</summary>
internal static class WordLiteral
{
    private const int PrefixLength = 5;

    /// <summary>Reads a byte.</summary>
    public static byte[] ReadByte(Cursor cursor)
    {
        int start = cursor.Position;
        ulong number = cursor.ReadNumber("data parameter BYTE", out _);
        return number <= byte.MaxValue
            ? [(byte)number]
            : throw cursor.Text.Fail(start, "data parameter BYTE must be in the range 0..255");
    }

    /// <summary>Reads a word, if there is one: le or be, 16, 32 or 64, a colon and a number.</summary>
    /// <returns>Its bytes, or null.</returns>
    public static byte[]? TryRead(Cursor cursor)
    {
        int start = cursor.Position;
        (int bits, bool isLittle) = cursor.Rest switch
        {
            [(byte)'l', (byte)'e', (byte)'1', (byte)'6', (byte)':', ..] => (16, true),
            [(byte)'l', (byte)'e', (byte)'3', (byte)'2', (byte)':', ..] => (32, true),
            [(byte)'l', (byte)'e', (byte)'6', (byte)'4', (byte)':', ..] => (64, true),
            [(byte)'b', (byte)'e', (byte)'1', (byte)'6', (byte)':', ..] => (16, false),
            [(byte)'b', (byte)'e', (byte)'3', (byte)'2', (byte)':', ..] => (32, false),
            [(byte)'b', (byte)'e', (byte)'6', (byte)'4', (byte)':', ..] => (64, false),
            _ => (0, false),
        };
        if (bits == 0)
            return null;

        cursor.Position += PrefixLength;
        ulong word = cursor.ReadNumber("data parameter WORD", out _);
        if (bits < 64 && word >> bits != 0)
            throw cursor.Text.Fail(start, $"data parameter WORD does not fit into {bits} bits");
        byte[] bytes = new byte[sizeof(ulong)];
        if (isLittle)
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, word);
        else
            BinaryPrimitives.WriteUInt64BigEndian(bytes, word);
        return isLittle ? bytes[..(bits / 8)] : bytes[^(bits / 8)..];
    }
}
