// "STRING": bytes written as text, with the escapes of C. Not: numbers (WordLiteral).

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace NbdFast.Plugins.Data.Language;

/// <summary>Reads strings.</summary>
internal static class StringLiteral
{
    private const int HexDigits = 2;
    private const int MostOctalDigits = 3;
    private const string Controls = "abtnvfr";   // 7 and the following.

    /// <summary>Reads a string, from its opening quote to its closing one.</summary>
    public static byte[] Read(Cursor cursor)
    {
        int start = cursor.Position++;
        List<byte> bytes = [];
        while (!cursor.Passes('"'))
        {
            int plain = cursor.Rest.IndexOfAny((byte)'"', (byte)'\\');
            if (plain < 0 || cursor.Rest[plain..] is [(byte)'\\'])
                throw cursor.Text.Fail(start, "data parameter: unterminated string");
            bytes.AddRange(cursor.Rest[..plain]);
            cursor.Position += plain;
            if (cursor.Passes('\\'))
                ReadEscape(cursor, bytes);
        }

        return [.. bytes];
    }

    // Any other character stands for itself.
    private static void ReadEscape(Cursor cursor, List<byte> bytes)
    {
        char kind = (char)cursor.Next;
        if (char.IsBetween(kind, '0', '7'))
        {
            bytes.Add(ReadOctal(cursor));
            return;
        }

        cursor.Position++;
        if (kind is 'u' or 'U')
            AddCharacter(cursor, kind == 'u' ? 4 : 8, bytes);
        else if (kind == 'x')
            bytes.Add((byte)ReadHex(cursor, HexDigits));
        else if (Controls.IndexOf(kind, StringComparison.Ordinal) is var control and >= 0)
            bytes.Add((byte)('\a' + control));
        else
            bytes.Add((byte)kind);
    }

    private static byte ReadOctal(Cursor cursor)
    {
        int start = cursor.Position - 1;
        int number = 0;
        for (int i = 0; i < MostOctalDigits && char.IsBetween((char)cursor.Next, '0', '7'); i++, cursor.Position++)
            number = (number * 8) + cursor.Next - '0';
        return number <= byte.MaxValue
            ? (byte)number
            : throw cursor.Text.Fail(start, "data: \\NNN must be at most \\377");
    }

    private static uint ReadHex(Cursor cursor, int digits)
    {
        int start = cursor.Position - 2;
        ReadOnlySpan<byte> text = cursor.Rest[..Math.Min(digits, cursor.Rest.Length)];
        if (text.Length < digits || !uint.TryParse(
            text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint number))
        {
            string form = "\\" + (char)cursor.Text.Bytes[start + 1] + new string('N', digits);
            throw cursor.Text.Fail(
                start, $"data: {form} must be followed by exactly {(digits == HexDigits ? "two" : $"{digits}")} "
                + "hexadecimal characters");
        }

        cursor.Position += digits;
        return number;
    }

    private static void AddCharacter(Cursor cursor, int digits, List<byte> bytes)
    {
        int start = cursor.Position - 2;
        if (!Rune.TryCreate(ReadHex(cursor, digits), out Rune character))
            throw cursor.Text.Fail(start, "data: there is no such Unicode character");
        bytes.AddRange(Encoding.UTF8.GetBytes(character.ToString()));
    }
}
