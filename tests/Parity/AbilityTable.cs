// The abilities of an export that are meant to differ, as docs/parity.md lists them. Not: other differences
// (DifferenceTable).

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NbdFast.Testing;

namespace NbdFast.Parity;

/// <summary>A row of the table: what nbdinfo says of a unit.</summary>
/// <param name="Unit">A word of the command line.</param>
/// <param name="Nbdkit">What nbdinfo says of nbdkit 1.32, as <c>"can_zero": false</c>.</param>
/// <param name="Nbdfast">What it says of nbdfast.</param>
internal sealed record Ability(string Unit, string Nbdkit, string Nbdfast);

/// <summary>The table.</summary>
internal static class AbilityTable
{
    private static readonly IReadOnlyList<Ability> Rows = Read();

    /// <summary>Takes a difference out of the answers if it is just what a row says; any other stays.</summary>
    public static (CommandResult Nbdkit, CommandResult Nbdfast) Allow(
        string arguments, CommandResult nbdkit, CommandResult nbdfast)
    {
        string[] words = arguments.Split([' ', '='], StringSplitOptions.RemoveEmptyEntries);
        foreach (Ability row in Rows.Where(row => words.Contains(row.Unit)))
        {
            if (Says(nbdkit, row.Nbdkit) && Says(nbdfast, row.Nbdfast))
                nbdkit = nbdkit with
                {
                    Output = nbdkit.Output.Replace(row.Nbdkit, row.Nbdfast, StringComparison.Ordinal),
                };
        }

        return (nbdkit, nbdfast);
    }

    private static bool Says(CommandResult result, string line) =>
        result.Output.Contains(line, StringComparison.Ordinal);

    private static IReadOnlyList<Ability> Read() =>
        [.. File.ReadLines(Path.Combine(RepositoryRoot.Path, "docs", "parity.md"))
            .Where(line => line.StartsWith("| unit `", StringComparison.Ordinal))
            .Select(line => line.Split('`'))
            .Select(cells => new Ability(cells[1], cells[3], cells[5]))];
}
