// The value of percent=. Not: where data lies (RunShape).

using System.Globalization;
using NbdFast.Values;

namespace NbdFast.Plugins.Chance;

/// <summary>A share of a hundred, from 0 to 100, which may have a fraction.</summary>
/// <param name="Value">The number before the percent sign.</param>
public readonly record struct Percentage(double Value) : IValue<Percentage>
{
    private const double All = 100;

    private const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent
        | NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite;

    /// <summary>The share of 1.</summary>
    public double Share => Value / All;

    /// <summary>Parses <c>10</c>, <c>12.5</c> or <c>10%</c>.</summary>
    /// <exception cref="ConfigException">Not a number, or not from 0 to 100.</exception>
    public static Percentage Parse(string value)
    {
        string number = value is [.. var text, '%'] ? text : value;
        return double.TryParse(number, Style, CultureInfo.InvariantCulture, out double percent)
            && percent is >= 0 and <= All
            ? new Percentage(percent)
            : throw new ConfigException($"cannot parse percent parameter: {value}");
    }
}
