// One way to write an option. Not: all of them (OptionTable).

namespace NbdFast.Cli;

/// <summary>A spelling of an option.</summary>
/// <param name="Long">The name after two dashes.</param>
/// <param name="Short">The letter after one dash; NUL if only other spellings have one.</param>
/// <param name="TakesValue">A value follows.</param>
/// <param name="Id">What it means.</param>
internal readonly record struct OptionSpelling(string Long, char Short, bool TakesValue, OptionId Id)
{
    /// <summary>The two are one option to whoever abbreviates.</summary>
    public bool MeansTheSameAs(OptionSpelling other) => Id == other.Id;
}
