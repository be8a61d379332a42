// What the head of a response says about ranges. Not: whether that is what was asked for (Transfer).

using System;
using System.Buffers.Text;

namespace NbdFast.Plugins.Curl;

/// <summary>The last response of a transfer, read line by line: each status line begins anew, for redirects, logins
/// and interim answers come before it.</summary>
internal struct ResponseHead
{
    /// <summary>A length or size that was not told.</summary>
    public const long Unknown = -1;

    /// <summary>The HTTP status, or 0 for another protocol.</summary>
    public int Status { get; private set; }

    /// <summary>The server says that it can serve parts of files.</summary>
    public bool AcceptsRanges { get; private set; }

    /// <summary>The response says which range it has.</summary>
    public bool HasRange { get; private set; }

    /// <summary>The first byte of that range, or <see cref="Unknown"/>.</summary>
    public long RangeStart { get; private set; }

    /// <summary>The last byte of that range, or <see cref="Unknown"/>.</summary>
    public long RangeLast { get; private set; }

    /// <summary>The size of the whole file, or <see cref="Unknown"/>.</summary>
    public long TotalSize { get; private set; }

    /// <summary>Reads a line.</summary>
    [HotPath]
    public void Take(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("HTTP/"u8))
            Begin(line);
        else if (Value(line, "accept-ranges:"u8, out ReadOnlySpan<byte> units))
            AcceptsRanges = AsciiEquals(units, "bytes"u8);
        else if (Value(line, "content-range:"u8, out ReadOnlySpan<byte> range))
            TakeRange(range);
    }

    [HotPath]
    private void Begin(ReadOnlySpan<byte> line)
    {
        this = default;
        RangeStart = RangeLast = TotalSize = Unknown;
        int space = line.IndexOf((byte)' ');
        if (space > 0 && Utf8Parser.TryParse(line[(space + 1)..], out int status, out _))
            Status = status;
    }

    // "bytes 0-499/1234", "bytes 0-499/*", "bytes */1234" (RFC 9110, 14.4). What is something else is no range.
    [HotPath]
    private void TakeRange(ReadOnlySpan<byte> value)
    {
        HasRange = true;
        RangeStart = RangeLast = TotalSize = Unknown;
        int slash = value.IndexOf((byte)'/');
        if (slash < 0 || value.Length < 6 || !AsciiEquals(value[..6], "bytes "u8))
            return;
        ReadOnlySpan<byte> range = value[6..slash].Trim((byte)' ');
        TotalSize = Number(value[(slash + 1)..]);
        int dash = range.IndexOf((byte)'-');
        if (dash < 0)
            return;
        RangeStart = Number(range[..dash]);
        RangeLast = Number(range[(dash + 1)..]);
    }

    [HotPath]
    private static long Number(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out long number, out int used) && used == text.Length && number >= 0
            ? number
            : Unknown;

    [HotPath]
    private static bool Value(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        bool matches = line.Length >= name.Length && AsciiEquals(line[..name.Length], name);
        value = matches ? line[name.Length..].Trim(" \t\r\n"u8) : default;
        return matches;
    }

    [HotPath]
    private static bool AsciiEquals(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower) =>
        System.Text.Ascii.EqualsIgnoreCase(text, lower);
}
