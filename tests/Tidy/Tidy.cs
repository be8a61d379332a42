// How a tidy test fails: with the whole list. Not: the rules.

using System.Collections.Generic;
using System.Linq;

namespace NbdFast.Tidy;

/// <summary>The assertion of all tidy tests.</summary>
internal static class Tidy
{
    /// <summary>Fails unless there are no findings.</summary>
    public static void Assert(string what, IEnumerable<string> findings)
    {
        string[] all = [.. findings.Distinct()];
        Xunit.Assert.True(all.Length == 0, $"{all.Length} {what}:\n  {string.Join("\n  ", all)}\n");
    }
}
