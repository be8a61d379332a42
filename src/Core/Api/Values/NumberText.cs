// Reads an integer as strtol(3) with base 0 does: the ground of all integer parameters. Not: types' ranges (Parsers).

using System;
using System.Globalization;

namespace NbdFast.Values;

/// <summary>An integer as text: blanks, a sign, then decimal, <c>0x</c> hexadecimal or <c>0</c> octal digits.</summary>
internal static class NumberText
{
    /// <summary>Reads all of the text as one number.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="isNegative">It began with a minus sign.</param>
    /// <returns>The number without its sign.</returns>
    /// <exception cref="ConfigException">Empty, not a number, followed by something else, or above 2^64-1.</exception>
    public static ulong Read(string text, out bool isNegative)
    {
        ReadOnlySpan<char> rest = text.AsSpan().TrimStart(" \t\n\v\f\r");
        isNegative = rest is ['-', ..];
        if (rest is ['-' or '+', ..])
            rest = rest[1..];
        if (rest.IsEmpty)
            throw new ConfigException("empty string where we expected a number");
        if (!char.IsAsciiDigit(rest[0]))
            throw new ConfigException($"could not parse number: \"{text}\"");

        ulong magnitude = rest switch
        {
            ['0', 'x' or 'X', .. var digits] => Digits(text, digits, 16),
            ['0', _, ..] => Digits(text, rest[1..], 8),
            _ => Digits(text, rest, 10),
        };
        return magnitude;
    }

    /// <summary>What to say of a number that its type cannot hold.</summary>
    public static ConfigException OutOfRange(string text) =>
        new($"could not parse number: \"{text}\": Numerical result out of range");

    private static ulong Digits(string text, ReadOnlySpan<char> digits, uint radix)
    {
        if (digits.IsEmpty)
            throw TrailingGarbage(text);
        ulong number = 0;
        bool overflow = false;
        foreach (char digit in digits)
        {
            uint value = DigitValue(digit);
            if (value >= radix)
                throw TrailingGarbage(text);
            // Goes on to the end: "99999999999999999999x" is garbage first of all, as the C library has it.
            overflow |= number > (ulong.MaxValue - value) / radix;
            number = unchecked((number * radix) + value);
        }

        return overflow ? throw OutOfRange(text) : number;
    }

    private static uint DigitValue(char digit) =>
        byte.TryParse([digit], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value)
            ? value
            : uint.MaxValue;

    private static ConfigException TrailingGarbage(string text) =>
        new($"could not parse number: \"{text}\": trailing garbage");
}
