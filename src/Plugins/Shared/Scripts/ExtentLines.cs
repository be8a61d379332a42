// The extents that a script prints. Not: calling it (ScriptConnection).

using System;
using System.Text;
using NbdFast.Values;

namespace NbdFast.Plugins.Scripts;

/// <summary>Reads lines of "OFFSET LENGTH [TYPE]"; empty ones and those that begin with '#' are comments.</summary>
internal static class ExtentLines
{
    private const string White = " \t\r\v\f";

    /// <summary>Reads the output of a script into a list.</summary>
    public static Errno Add(ScriptAnswer answer, ExtentList extents)
    {
        // Line by line: a text of all would be twice as long as what was printed.
        foreach (Range range in answer.Printed.Split((byte)'\n'))
        {
            string line = Encoding.UTF8.GetString(answer.Printed[range]);
            ReadOnlySpan<char> text = line.AsSpan().Trim(White);
            if (text.IsEmpty || text[0] == '#')
                continue;
            string offset = Word(ref text);
            string length = Word(ref text);
            if (length.Length == 0 || !TryType(Word(ref text), out ExtentType type))
            {
                answer.Fail(Errno.EIO, $"extents: cannot parse {line}");
                return answer.Tell();
            }

            Errno errno = Add(answer, offset, length, type, extents);
            if (errno != Errno.Ok)
                return errno;
        }

        return Errno.Ok;
    }

    private static Errno Add(
        ScriptAnswer answer, string offset, string length, ExtentType type, ExtentList extents)
    {
        try
        {
            // What does not follow on the extent before is told there; clients get the error that nbdkit gives.
            return extents.Add(DiskSize.Parse(offset), DiskSize.Parse(length), type) == Errno.Ok
                ? Errno.Ok
                : Errno.EINVAL;
        }
        catch (ConfigException error)
        {
            answer.Fail(Errno.EIO, $"extents: {error.Message}");
            return answer.Tell();
        }
    }

    private static string Word(ref ReadOnlySpan<char> text)
    {
        text = text.TrimStart(White);
        int end = text.IndexOfAny(White);
        string word = (end < 0 ? text : text[..end]).ToString();
        text = end < 0 ? [] : text[end..];
        return word;
    }

    // A number holds the bits of the type; other bits have no meaning yet.
    private static bool TryType(string text, out ExtentType type)
    {
        type = ExtentType.Data;
        if (text.Length == 0)
            return true;
        if (char.IsAsciiDigit(text[0]) || text[0] is '-' or '+')
            return TryNumber(text, out type);
        foreach (Range part in text.AsSpan().Split(','))
        {
            ExtentType? one = text[part] switch
            {
                "hole" => ExtentType.Hole,
                "zero" => ExtentType.Zero,
                _ => null,
            };
            if (one == null)
                return false;
            type |= one.Value;
        }

        return true;
    }

    private static bool TryNumber(string text, out ExtentType type)
    {
        type = ExtentType.Data;
        try
        {
            type = (ExtentType)Parsers.ParseInt32(text) & ExtentType.HoleZero;
            return true;
        }
        catch (ConfigException)
        {
            return false;
        }
    }
}
