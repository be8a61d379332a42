// The exports that a script lists. Not: calling it (ScriptPlugin).

using System;
using System.Collections.Generic;
using System.Text;

namespace NbdFast.Plugins.Scripts;

/// <summary>Reads the forms of list_exports: NAMES, INTERLEAVED, NAMES+DESCRIPTIONS, or names alone.</summary>
internal static class ExportLines
{
    // A mode, then a name and a description of each, and of one more.
    private const int MostLines = 1 + 2 * (ExportList.MaximumCount + 1);

    /// <summary>Reads the output of a script into a list.</summary>
    public static Errno Add(ReadOnlySpan<byte> printed, ExportList exports)
    {
        List<string> lines = Lines(printed);
        string mode = lines.Count > 0 ? lines[0] : "";
        if (mode is "NAMES" or "INTERLEAVED" or "NAMES+DESCRIPTIONS")
            lines.RemoveAt(0);
        return mode switch
        {
            "INTERLEAVED" => Add(exports, lines, (lines.Count + 1) / 2, 2, 1),
            "NAMES+DESCRIPTIONS" => Add(exports, lines, (lines.Count + 1) / 2, 1, (lines.Count + 1) / 2),
            _ => Add(exports, lines, lines.Count, 1, lines.Count),
        };
    }

    // Export number i has its name in line i * step, its description so many lines behind, if there is such a line.
    private static Errno Add(ExportList exports, List<string> lines, int count, int step, int behind)
    {
        Errno errno = Errno.Ok;
        for (int i = 0; i < count && errno == Errno.Ok; i++)
        {
            int line = i * step;
            errno = exports.Add(lines[line], line + behind < lines.Count ? lines[line + behind] : null);
        }

        return errno;
    }

    private static List<string> Lines(ReadOnlySpan<byte> printed)
    {
        // Behind the most that a list takes there is nothing of interest but that there is more.
        List<string> lines = [];
        while (!printed.IsEmpty && lines.Count <= MostLines)
        {
            int end = printed.IndexOf((byte)'\n');
            lines.Add(Encoding.UTF8.GetString(end < 0 ? printed : printed[..end]));
            printed = end < 0 ? [] : printed[(end + 1)..];
        }

        return lines;
    }
}
