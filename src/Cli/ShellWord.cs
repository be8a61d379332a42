// Text that a shell takes as one word, whatever is in it. Not: running a shell (Server/Captive).

using System;

namespace NbdFast.Cli;

/// <summary>Quotes for /bin/sh.</summary>
internal static class ShellWord
{
    /// <summary>The text in single quotes, in which nothing but the quote itself is special.</summary>
    public static string Quote(string text) =>
        "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    /// <summary>The text in double quotes, which read better where people look at it.</summary>
    public static string DoubleQuote(string text) =>
        "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("$", "\\$", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal) + "\"";
}
