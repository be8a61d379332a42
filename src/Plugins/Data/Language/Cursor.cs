// A place in a text, moving on. Not: what stands there (TokenReader).

using System;
using System.Buffers;

namespace NbdFast.Plugins.Data.Language;

/// <summary>Reads a text from its begin to its end.</summary>
/// <param name="text">The text.</param>
internal sealed class Cursor(Text text)
{
    /// <summary>What is between tokens.</summary>
    public static readonly SearchValues<byte> White = SearchValues.Create(" \t\n\v\f\r"u8);

    private const int NoDigit = 99;

    /// <summary>The text.</summary>
    public Text Text => text;

    /// <summary>Where the next byte is.</summary>
    public int Position { get; set; }

    /// <summary>All that is left.</summary>
    public ReadOnlySpan<byte> Rest => text.Bytes[Position..];

    /// <summary>The next byte; 0, which no text has, at the end.</summary>
    public byte Next => Position < text.Bytes.Length ? text.Bytes[Position] : (byte)0;

    /// <summary>Passes over a byte, if it is the next.</summary>
    public bool Passes(char expected)
    {
        if (Next != expected)
            return false;
        Position++;
        return true;
    }

    /// <summary>Passes over blanks and newlines.</summary>
    public void PassWhite()
    {
        int blanks = Rest.IndexOfAnyExcept(White);
        Position += blanks < 0 ? Rest.Length : blanks;
    }

    /// <summary>Passes over all bytes of a kind.</summary>
    /// <returns>These.</returns>
    public ReadOnlyMemory<byte> PassAll(SearchValues<byte> kind)
    {
        int start = Position;
        int count = Rest.IndexOfAnyExcept(kind);
        Position = count < 0 ? text.Bytes.Length : Position + count;
        return text.Part(start, Position);
    }

    /// <summary>An error at the next byte.</summary>
    public ConfigException Fail(string message) => text.Fail(Position, message);

    /// <summary>Reads a number: decimal, octal behind a 0, hexadecimal behind 0x.</summary>
    /// <param name="what">What the number is, for messages.</param>
    /// <param name="isDecimal">It is decimal, and so may have a suffix.</param>
    public ulong ReadNumber(string what, out bool isDecimal)
    {
        int start = Position;
        if (!char.IsAsciiDigit((char)Next))
            throw Fail(Next == '-' ? $"{what} must not be negative" : $"{what} not numeric");
        (uint radix, int prefix) = Rest switch
        {
            [(byte)'0', (byte)'x' or (byte)'X', ..] => (16u, 2),
            [(byte)'0', >= (byte)'0' and <= (byte)'9', ..] => (8u, 1),
            _ => (10u, 0),
        };
        isDecimal = radix == 10;
        Position += prefix;
        ulong number = 0;
        int digits = 0;
        for (; DigitOf(Next) < radix; Position++, digits++)
        {
            uint digit = (uint)DigitOf(Next);
            if (number > (ulong.MaxValue - digit) / radix)
                throw text.Fail(start, $"{what} is too large");
            number = (number * radix) + digit;
        }

        // "09" would otherwise be 0 and 9.
        if (digits == 0 || char.IsAsciiDigit((char)Next))
            throw text.Fail(start, $"{what} is not a number");
        return number;
    }

    private static int DigitOf(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => NoDigit,
    };
}
