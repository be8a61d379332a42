// The value of upper=. Not: where it goes in a word (PatternPlugin).

using System.Security.Cryptography;
using NbdFast.Values;

namespace NbdFast.Plugins.Pattern;

/// <summary>The number that is laid over the top 16 bits of each word of the pattern.</summary>
/// <param name="Value">0 changes nothing.</param>
public readonly record struct UpperBits(ushort Value) : IValue<UpperBits>
{
    /// <summary>Parses a number from 0 to 65535, decimal, octal (0...) or hexadecimal (0x...), or <c>random</c> for one
    /// from 1 to 65535.</summary>
    /// <exception cref="ConfigException">Neither.</exception>
    public static UpperBits Parse(string value) => value == "random"
        ? new UpperBits((ushort)RandomNumberGenerator.GetInt32(1, ushort.MaxValue + 1))
        : new UpperBits(Parsers.ParseUInt16(value));
}
