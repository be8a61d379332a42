// That docs/parity.md is true: each difference is there, and is as described. Not: what is alike (the other tests).

using System;
using System.Globalization;
using NbdFast.Testing;

namespace NbdFast.Parity;

public sealed class DifferenceTests
{
    public static TheoryData<string, string, string> Rows
    {
        get
        {
            TheoryData<string, string, string> rows = [];
            foreach (Difference row in DifferenceTable.Read())
                rows.Add(row.CommandLine, row.Nbdkit, row.Nbdfast);
            return rows;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Rows))]
    public void A_difference_is_as_the_table_says(string arguments, string nbdkit, string nbdfast)
    {
        Skip.If(NativeBinary.IsNbdkit, "nbdkit does not differ from itself");
        (CommandResult first, CommandResult second) = Twins.Run(arguments);
        AssertSays(nbdkit, first);
        AssertSays(nbdfast, second);
        Assert.NotEqual(nbdkit, nbdfast);
    }

    private static void AssertSays(string expected, CommandResult result)
    {
        bool said = expected.StartsWith("exit ", StringComparison.Ordinal)
            ? result.ExitCode == int.Parse(expected[5..], CultureInfo.InvariantCulture)
            : $"{result.Output}\n{result.Errors}".Contains(expected, StringComparison.Ordinal);
        Assert.True(said, $"'{expected}' was expected: {result}");
    }
}
