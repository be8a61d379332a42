// The lines about parameters for --help, in nbdkit's shape. Not: the rest of the help (Cli).

using System;
using System.Collections.Generic;
using System.Linq;
using NbdFast.Generators.Model;

namespace NbdFast.Generators.Emit;

internal static class HelpEmitter
{
    // nbdkit's plugins start the text here unless a key is too long.
    private const int MinimumColumn = 24;
    private const int MaximumColumn = 40;   // A longer key pushes its own text aside, not everybody's.
    private const int Gap = 2;
    private const string RequiredMark = "(required) ";

    public static void Emit(SourceWriter writer, UnitModel unit)
    {
        List<string> lines = Lines(unit);
        writer.Line("ConfigHelp =");
        writer.Indented(indented =>
        {
            for (int i = 0; i < lines.Count; i++)
                indented.Line(SourceWriter.Literal(lines[i] + "\n") + (i + 1 < lines.Count ? " +" : ","));
        });
    }

    // One line per parameter in the order of declaration; the texts are aligned, and so are a text's further lines.
    private static List<string> Lines(UnitModel unit)
    {
        int column = Math.Min(MaximumColumn, Math.Max(MinimumColumn, unit.Parameters.Max(Width)));
        var lines = new List<string>();
        foreach (ParameterModel parameter in unit.Parameters)
        {
            string mark = parameter.IsRequired ? RequiredMark : "";
            string head = (Head(parameter) + Blanks(Gap)).PadRight(column - mark.Length) + mark;
            foreach (string text in parameter.Help.Replace("\r\n", "\n").Split('\n'))
            {
                lines.Add((head + text).TrimEnd());
                head = Blanks(column);
            }
        }
        return lines;
    }

    private static string Blanks(int count) => new(' ', count);

    private static string Head(ParameterModel parameter) => $"{parameter.Key}=<{parameter.ValueName}>";

    private static int Width(ParameterModel parameter) =>
        Head(parameter).Length + Gap + (parameter.IsRequired ? RequiredMark.Length : 0);
}
