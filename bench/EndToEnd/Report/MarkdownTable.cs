// A table as Markdown text. Not: what is in it.

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace NbdFast.Bench.EndToEnd.Report;

/// <summary>Cells in columns that line up, in plain text too. The first column is text, the others are figures, to the
/// right.</summary>
internal sealed class MarkdownTable(params string[] heads)
{
    private readonly List<string[]> _lines = [];

    /// <summary>How many columns from the left are text.</summary>
    public int TextColumns { get; init; } = 1;

    /// <summary>Appends a line.</summary>
    public void Add(params string[] cells)
    {
        if (cells.Length != heads.Length)
            throw new ArgumentException($"{cells.Length} cells for {heads.Length} columns", nameof(cells));
        _lines.Add([.. cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))]);
    }

    /// <summary>The table, ended by a newline.</summary>
    public override string ToString()
    {
        int[] widths = [.. heads.Select((head, i) => _lines.Select(line => line[i].Length).Append(head.Length).Max())];
        StringBuilder text = new();
        Append(text, heads, widths);
        IEnumerable<string> rules = widths.Select(
            (width, i) => i < TextColumns ? new string('-', width) : new string('-', Math.Max(width - 1, 1)) + ":");
        Append(text, [.. rules], widths);
        foreach (string[] line in _lines)
            Append(text, line, widths);
        return text.ToString();
    }

    private void Append(StringBuilder text, string[] cells, int[] widths)
    {
        for (int i = 0; i < cells.Length; i++)
            text.Append("| ").Append(i < TextColumns ? cells[i].PadRight(widths[i]) : cells[i].PadLeft(widths[i]))
                .Append(' ');
        text.Append("|\n");
    }
}
