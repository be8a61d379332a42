// A probability, as "10%" or "1:10" on the command line. Not: the dice.

using System;
using System.Globalization;

namespace NbdFast.Values;

/// <summary>A finite number from 0, parsed as nbdkit_parse_probability(3) does. It may be above 1: who needs a limit
/// sets it.</summary>
/// <param name="Value">The probability; 1 is certainty.</param>
public readonly record struct Probability(double Value) : IValue<Probability>
{
    private const NumberStyles Style =
        NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent | NumberStyles.AllowLeadingSign;

    /// <summary>The probability; 1 is certainty.</summary>
    public static implicit operator double(Probability probability) => probability.Value;

    /// <summary>The probability, as a method.</summary>
    public double ToDouble() => Value;

    /// <summary>Parses <c>0.1</c>, <c>1e-1</c>, <c>10%</c>, <c>1:10</c> or <c>1/10</c>, which are the same.</summary>
    /// <exception cref="ConfigException">Not one of these forms, negative, infinite or divided by zero.</exception>
    public static Probability Parse(string value)
    {
        ReadOnlySpan<char> text = value.AsSpan().TrimStart(" \t\n\v\f\r");
        double probability;
        if (text is [.. var percentage, '%'])
        {
            probability = Number(value, percentage) / 100;
        }
        else if (text.IndexOfAny(':', '/') is var colon and >= 0)
        {
            double divisor = Number(value, text[(colon + 1)..]);
            if (divisor == 0)
                throw new ConfigException($"could not parse probability '{value}': division by zero");
            probability = Number(value, text[..colon]) / divisor;
        }
        else
        {
            probability = Number(value, text);
        }

        if (!double.IsFinite(probability) || probability < 0)
            throw new ConfigException($"probability out of range: '{value}' parsed as {probability}");
        return new Probability(double.Abs(probability));   // Minus zero is zero.
    }

    /// <summary>The probability as a decimal number.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    private static double Number(string value, ReadOnlySpan<char> text) =>
        double.TryParse(text, Style, CultureInfo.InvariantCulture, out double number) && !double.IsNaN(number)
            ? number
            : throw new ConfigException($"could not parse probability '{value}'");
}
