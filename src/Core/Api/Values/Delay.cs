// A time to wait, as "1.5ms" on the command line. Not: the waiting (Sleep).

using System;
using System.Globalization;

namespace NbdFast.Values;

/// <summary>A time of nanosecond precision from 0 to 2^32-1 seconds, parsed as nbdkit_parse_delay(3) does.</summary>
/// <param name="Nanoseconds">The whole time in nanoseconds.</param>
public readonly record struct Delay(ulong Nanoseconds) : IValue<Delay>
{
    private const ulong NanosecondsPerSecond = 1_000_000_000;

    /// <summary>The time in the precision that .NET's timers have.</summary>
    public static implicit operator TimeSpan(Delay delay) => delay.ToTimeSpan();

    /// <summary>The time, rounded up to 100 ns: a delay that was asked for is never dropped.</summary>
    public TimeSpan ToTimeSpan() =>
        new((long)((Nanoseconds + TimeSpan.NanosecondsPerTick - 1) / TimeSpan.NanosecondsPerTick));

    /// <summary>Parses a decimal number, which may have a fraction, and a unit: <c>s</c> (which may be left out),
    /// <c>ms</c>, <c>us</c> or <c>&#956;s</c>, <c>ns</c>. What is finer than a nanosecond is rounded.</summary>
    /// <exception cref="ConfigException">No number, a negative one, an unknown unit, or 2^32 seconds and
    /// more.</exception>
    public static Delay Parse(string value)
    {
        ReadOnlySpan<char> text = value.AsSpan().TrimStart(" \t\n\v\f\r");
        if (text.IsEmpty)
            throw new ConfigException("empty string where we expected a number");
        if (text[0] == '-')
            throw new ConfigException("negative numbers are not allowed");

        int length = text.LastIndexOfAnyInRange('.', '9') + 1;   // Full stop, slash, digits: the last of the number.
        ReadOnlySpan<char> unit = text[length..];
        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;
        if (length == 0 || !decimal.TryParse(text[..length], Style, CultureInfo.InvariantCulture, out decimal number))
            throw NotANumber(value, text);

        ulong scale = unit switch
        {
            "" or "s" => NanosecondsPerSecond,
            "ms" => 1_000_000,
            "us" or "\u03bcs" or "\u00b5s" => 1_000,   // The Greek letter, and the micro sign of older keyboards.
            "ns" => 1,
            _ => throw new ConfigException($"could not parse number: \"{value}\": trailing garbage"),
        };
        if (number / NanosecondsPerSecond * scale > uint.MaxValue)
            throw NumberText.OutOfRange(value);
        return new Delay((ulong)decimal.Round(number * scale));
    }

    /// <summary>The time with the largest unit that makes it a whole number, as the command line takes it.</summary>
    public override string ToString() => Nanoseconds switch
    {
        var time when time % NanosecondsPerSecond == 0 => $"{time / NanosecondsPerSecond}s",
        var time when time % 1_000_000 == 0 => $"{time / 1_000_000}ms",
        var time when time % 1_000 == 0 => $"{time / 1_000}us",
        var time => $"{time}ns",
    };

    // A number too long for decimal is out of range; it is not garbage.
    private static ConfigException NotANumber(string value, ReadOnlySpan<char> text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            && number > uint.MaxValue
            ? NumberText.OutOfRange(value)
            : new ConfigException($"could not parse number: \"{value}\"");
}
