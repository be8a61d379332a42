// Figures as people read them: three digits that mean something. Not: which figures.

using System;
using System.Globalization;

namespace NbdFast.Bench.EndToEnd.Report;

/// <summary>Numbers as text.</summary>
internal static class FigureText
{
    /// <summary>What stands for a figure that there is not.</summary>
    public const string Nothing = "n/a";

    /// <summary>A figure with three significant digits, and all digits before the point.</summary>
    public static string Of(double value)
    {
        if (!double.IsFinite(value))
            return Nothing;
        int digits = value == 0 ? 0 : (int)Math.Floor(Math.Log10(Math.Abs(value))) + 1;
        return value.ToString("F" + Math.Clamp(3 - digits, 0, 3), CultureInfo.InvariantCulture);
    }

    /// <summary>A ratio with two digits after the point.</summary>
    public static string OfRatio(double value) =>
        double.IsFinite(value) ? value.ToString("F2", CultureInfo.InvariantCulture) : Nothing;
}
