// Text as a shell takes it: quoted words. Not: running a shell (LogScript).

using System;
using System.Text;

namespace NbdFast.Filters;

/// <summary>Quotes words the way the log shows them: as they are if they are harmless, else in double quotes.</summary>
internal static class ShellText
{
    private const string HarmlessMarks = ",-./:=_";

    /// <summary>Appends one word.</summary>
    public static void AppendQuoted(StringBuilder text, string word)
    {
        if (IsHarmless(word))
        {
            text.Append(word);
            return;
        }

        text.Append('"');
        foreach (char character in word)
        {
            if (character is '"' or '\\' or '$' or '`')
                text.Append('\\');
            text.Append(character);
        }

        text.Append('"');
    }

    /// <summary>Turns an assignment of a list, <c>name=(words)</c>, into one of the text in the parentheses: for a
    /// shell without lists. Other fields stay.</summary>
    public static string WithoutArray(string fields)
    {
        int start = fields.IndexOf("=(", StringComparison.Ordinal);
        if (start < 0 || !fields.EndsWith(')') || fields.AsSpan(0, start).Contains(' '))
            return fields;
        string words = fields[(start + 2)..^1].Replace("'", "'\\''", StringComparison.Ordinal);
        return $"{fields[..start]}='{words}'";
    }

    private static bool IsHarmless(string word)
    {
        foreach (char character in word)
        {
            if (!char.IsAsciiLetterOrDigit(character) && !HarmlessMarks.Contains(character, StringComparison.Ordinal))
                return false;
        }

        return word.Length > 0;
    }
}
