// The intended differences, as docs/parity.md lists them. Not: checking them (DifferenceTests).

using System.Collections.Generic;
using System.IO;
using System.Linq;
using NbdFast.Testing;

namespace NbdFast.Parity;

/// <summary>A row of the table: a command line, and what each program answers.</summary>
/// <param name="CommandLine">The arguments, for bash.</param>
/// <param name="Nbdkit">A part of what nbdkit 1.32 says, or <c>exit N</c>.</param>
/// <param name="Nbdfast">A part of what nbdfast says, or <c>exit N</c>.</param>
public sealed record Difference(string CommandLine, string Nbdkit, string Nbdfast);

/// <summary>The table.</summary>
internal static class DifferenceTable
{
    /// <summary>Reads the rows that begin with a command line.</summary>
    public static IReadOnlyList<Difference> Read() =>
        [.. File.ReadLines(Path.Combine(RepositoryRoot.Path, "docs", "parity.md"))
            .Where(line => line.StartsWith("| `", System.StringComparison.Ordinal))
            .Select(line => line.Split(" | "))
            .Select(cells => new Difference(Code(cells[0][2..]), Code(cells[1]), Code(cells[2])))];

    // The text between the backticks, in which the table writes a bar as an entity.
    private static string Code(string cell) =>
        cell.Split('`')[1].Replace("&#124;", "|", System.StringComparison.Ordinal);
}
