// A size or position on a disk, as "10G" on the command line. Not: arithmetic on sizes, which is plain ulong.

using System;
using System.Globalization;

namespace NbdFast.Values;

/// <summary>A number of bytes from 0 to 2^63-1, parsed as nbdkit_parse_size(3) does.</summary>
/// <param name="Bytes">The number of bytes.</param>
public readonly record struct DiskSize(ulong Bytes) : IValue<DiskSize>
{
    /// <summary>The largest size: NBD sizes are signed 64 bit numbers.</summary>
    public const ulong Largest = long.MaxValue;

    private const int NoSuffix = -1;

    /// <summary>The size in bytes.</summary>
    public static implicit operator ulong(DiskSize size) => size.Bytes;

    /// <summary>The size in bytes, as a method.</summary>
    public ulong ToUInt64() => Bytes;

    /// <summary>
    /// Parses a decimal number and an optional suffix: <c>b</c> bytes, <c>s</c> sectors of 512, <c>k</c>, <c>M</c>,
    /// <c>G</c>, <c>T</c>, <c>P</c>, <c>E</c> powers of 1024, each in either case.
    /// </summary>
    /// <exception cref="ConfigException">No number, a negative one, an unknown suffix, or more than 2^63-1.</exception>
    public static DiskSize Parse(string value)
    {
        ReadOnlySpan<char> text = value.AsSpan().TrimStart(" \t\n\v\f\r");
        bool isNegative = text is ['-', ..];
        if (text is ['-' or '+', ..])
            text = text[1..];
        int length = text.IndexOfAnyExceptInRange('0', '9');
        ReadOnlySpan<char> digits = length < 0 ? text : text[..length];
        ReadOnlySpan<char> suffix = text[digits.Length..];
        if (digits.IsEmpty)
            throw new ConfigException($"could not parse size string ({value})");

        bool fits = ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number);
        if (isNegative && (!fits || number != 0))
            throw new ConfigException($"size cannot be negative ({value})");
        if (!fits || number > Largest)
            throw new ConfigException($"size ({value}) exceeds maximum value");

        int shift = Shift(suffix);
        if (shift == NoSuffix)
            throw new ConfigException($"could not parse size: unknown suffix '{suffix}'");
        if (number > Largest >> shift)
            throw new ConfigException($"overflow computing size ({value})");
        return new DiskSize(number << shift);
    }

    /// <summary>The number of bytes in decimal.</summary>
    public override string ToString() => Bytes.ToString(CultureInfo.InvariantCulture);

    private static int Shift(ReadOnlySpan<char> suffix) => suffix switch
    {
        "" or "b" or "B" => 0,
        "s" or "S" => 9,
        "k" or "K" => 10,
        "m" or "M" => 20,
        "g" or "G" => 30,
        "t" or "T" => 40,
        "p" or "P" => 50,
        "e" or "E" => 60,
        _ => NoSuffix,
    };
}
