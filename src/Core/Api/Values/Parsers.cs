// Parses booleans and integers of the command line. Not: types with a meaning of their own (DiskSize, Delay, ...).

using System;

namespace NbdFast.Values;

/// <summary>
/// Parsers for the types that C# already has, with the rules of nbdkit_parse_bool(3) and nbdkit_parse_int(3). All throw
/// <see cref="ConfigException"/>; its message says what is wrong with the text but not which parameter it belongs to.
/// </summary>
public static class Parsers
{
    /// <summary>Parses the value of <paramref name="key"/> with a parser that does not know of keys.</summary>
    /// <exception cref="ConfigException">The parser's message with the key before it, as in
    /// <c>rdelay: negative numbers are not allowed</c>.</exception>
    public static T ForKey<T>(string key, string value, Func<string, T> parse)
    {
        ArgumentNullException.ThrowIfNull(parse);
        try
        {
            return parse(value);
        }
        catch (ConfigException error)
        {
            throw new ConfigException($"{key}: {error.Message}", error);
        }
    }

    /// <summary>1, true, t, yes, y, on; 0, false, f, no, n, off; in any case.</summary>
    /// <exception cref="ConfigException">Anything else.</exception>
    public static bool ParseBool(string value) => value.ToUpperInvariant() switch
    {
        "1" or "TRUE" or "T" or "YES" or "Y" or "ON" => true,
        "0" or "FALSE" or "F" or "NO" or "N" or "OFF" => false,
        _ => throw new ConfigException($"could not decipher boolean ({value})"),
    };

    /// <summary>A number from -128 to 127.</summary>
    /// <exception cref="ConfigException">Not a number, or out of range.</exception>
    public static sbyte ParseSByte(string value) => (sbyte)Signed(value, sbyte.MinValue, sbyte.MaxValue);

    /// <summary>A number from 0 to 255.</summary>
    /// <exception cref="ConfigException">Not a number, negative, or out of range.</exception>
    public static byte ParseByte(string value) => (byte)Unsigned(value, byte.MaxValue);

    /// <summary>A number from -2^15 to 2^15-1.</summary>
    /// <exception cref="ConfigException">Not a number, or out of range.</exception>
    public static short ParseInt16(string value) => (short)Signed(value, short.MinValue, short.MaxValue);

    /// <summary>A number from 0 to 2^16-1.</summary>
    /// <exception cref="ConfigException">Not a number, negative, or out of range.</exception>
    public static ushort ParseUInt16(string value) => (ushort)Unsigned(value, ushort.MaxValue);

    /// <summary>A number from -2^31 to 2^31-1.</summary>
    /// <exception cref="ConfigException">Not a number, or out of range.</exception>
    public static int ParseInt32(string value) => (int)Signed(value, int.MinValue, int.MaxValue);

    /// <summary>A number from 0 to 2^32-1.</summary>
    /// <exception cref="ConfigException">Not a number, negative, or out of range.</exception>
    public static uint ParseUInt32(string value) => (uint)Unsigned(value, uint.MaxValue);

    /// <summary>A number from -2^63 to 2^63-1.</summary>
    /// <exception cref="ConfigException">Not a number, or out of range.</exception>
    public static long ParseInt64(string value) => Signed(value, long.MinValue, long.MaxValue);

    /// <summary>A number from 0 to 2^64-1.</summary>
    /// <exception cref="ConfigException">Not a number, negative, or out of range.</exception>
    public static ulong ParseUInt64(string value) => Unsigned(value, ulong.MaxValue);

    private static long Signed(string value, long lowest, long highest)
    {
        ulong magnitude = NumberText.Read(value, out bool isNegative);
        ulong limit = isNegative ? (ulong)-(lowest + 1) + 1 : (ulong)highest;
        if (magnitude > limit)
            throw NumberText.OutOfRange(value);
        return isNegative ? unchecked(-(long)magnitude) : (long)magnitude;
    }

    private static ulong Unsigned(string value, ulong highest)
    {
        // Before anything else is looked at: strtoul(3) would silently wrap "-1" around.
        if (value.AsSpan().TrimStart(" \t\n\v\f\r") is ['-', ..])
            throw new ConfigException("negative numbers are not allowed");
        ulong number = NumberText.Read(value, out _);
        return number > highest ? throw NumberText.OutOfRange(value) : number;
    }
}
