// A text in the language of the data parameter, and errors in it. Not: what it says (TokenReader, Evaluation).

using System;
using System.Text;

namespace NbdFast.Plugins.Data.Language;

/// <summary>The value of the parameter, or of a variable. It is bytes, for strings in it may have any.</summary>
/// <param name="name">As <c>$boot</c>; null for the parameter itself.</param>
/// <param name="bytes">The text.</param>
internal sealed class Text(string? name, ReadOnlyMemory<byte> bytes)
{
    private const int LongestQuote = 20;

    /// <summary>The text.</summary>
    public ReadOnlySpan<byte> Bytes => bytes.Span;

    /// <summary>A part of it.</summary>
    public ReadOnlyMemory<byte> Part(int start, int end) => bytes[start..end];

    /// <summary>Makes an error that says where the fault is.</summary>
    /// <param name="position">Of the fault.</param>
    /// <param name="message">What is wrong.</param>
    public ConfigException Fail(int position, string message)
    {
        ReadOnlySpan<byte> before = Bytes[..position];
        int line = before.Count((byte)'\n') + 1;
        int column = Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1;
        string where = name == null ? "" : $" of {name}";
        return new ConfigException(
            $"{message} at offset {position}{where} (line {line}, column {column}, {Quote(position)})");
    }

    // What stands there, up to the end of the line.
    private string Quote(int position)
    {
        if (position >= Bytes.Length)
            return "at the end";
        string rest = Encoding.UTF8.GetString(Bytes[position..Math.Min(Bytes.Length, position + (4 * LongestQuote))]);
        rest = rest.Split('\n')[0];
        if (rest.Length == 0)
            return "at the end of the line";
        return rest.Length <= LongestQuote ? $"near '{rest}'" : $"near '{rest[..LongestQuote]}...'";
    }
}
