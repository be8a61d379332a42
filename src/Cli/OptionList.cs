// The answers to --short-options and --long-options, for completion and for scripts that ask what is supported. Not:
// what options mean (docs/nbdfast.md).

using System.Text;

namespace NbdFast.Cli;

/// <summary>Lists options, one per line.</summary>
internal static class OptionList
{
    /// <summary>The long ones.</summary>
    public static string Long()
    {
        var text = new StringBuilder();
        foreach (OptionSpelling spelling in OptionTable.Spellings)
            if (IsListed(spelling.Id))
                text.Append("--").Append(spelling.Long).Append('\n');
        return text.ToString();
    }

    /// <summary>The letters.</summary>
    public static string Short()
    {
        var text = new StringBuilder();
        foreach (OptionSpelling spelling in OptionTable.Spellings)
            if (spelling.Short != '\0' && IsListed(spelling.Id))
                text.Append('-').Append(spelling.Short).Append('\n');
        return text.ToString();
    }

    private static bool IsListed(OptionId id) =>
        id is not (OptionId.ShortOptions or OptionId.LongOptions);
}
