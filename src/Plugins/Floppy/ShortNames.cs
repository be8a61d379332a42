// The 8.3 names of a directory, each different from the others. Not: long names (LongName).

using System;
using System.Collections.Generic;
using System.Globalization;

namespace NbdFast.Plugins.Floppy;

/// <summary>Makes up names of 11 characters, the last three the extension, for old programs and for the disk's own
/// order.</summary>
internal sealed class ShortNames
{
    private const int BaseLength = 8;
    private const int ExtensionLength = 3;
    private const string Forbidden = "\"*+,/:;<=>?[\\]|";

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    /// <summary>Takes the name that a name is itself, but for the case of its letters.</summary>
    /// <returns>11 characters, or null if it is no 8.3 name, or one that is taken.</returns>
    public string? TryTake(string name)
    {
        string shortened = Shorten(name, out bool isWhole);
        return isWhole && _taken.Add(shortened) ? shortened : null;
    }

    /// <summary>Takes a name that resembles one, with a number.</summary>
    /// <returns>11 characters.</returns>
    public string TakeNumbered(string name)
    {
        string shortened = Shorten(name, out _);
        string stem = shortened[..BaseLength].TrimEnd();
        string extension = shortened[BaseLength..];
        // One count for all that begin alike, so that thousands of them need no search.
        string key = stem[..Math.Min(stem.Length, 2)] + extension;
        for (int number = _numbers.GetValueOrDefault(key) + 1; ; number++)
        {
            string tail = "~" + number.ToString(CultureInfo.InvariantCulture);
            string numbered = stem[..Math.Min(stem.Length, BaseLength - tail.Length)] + tail;
            string candidate = numbered.PadRight(BaseLength) + extension;
            if (!_taken.Add(candidate))
                continue;
            _numbers[key] = number;
            return candidate;
        }
    }

    private static string Shorten(string name, out bool isWhole)
    {
        string inner = name.TrimStart('.');
        int dot = inner.LastIndexOf('.');
        string stem = Clean(dot < 0 ? inner : inner[..dot], BaseLength, out bool isStemWhole);
        string extension = Clean(dot < 0 ? "" : inner[(dot + 1)..], ExtensionLength, out bool isExtensionWhole);
        isWhole = isStemWhole && isExtensionWhole && inner.Length == name.Length && stem.Length > 0
            && (dot < 0 || extension.Length > 0);
        return (stem.Length == 0 ? "_" : stem).PadRight(BaseLength) + extension.PadRight(ExtensionLength);
    }

    private static string Clean(string part, int length, out bool isWhole)
    {
        Span<char> clean = stackalloc char[length];
        int count = 0;
        isWhole = true;
        foreach (char letter in part)
        {
            bool isDropped = letter is ' ' or '.' || count == length;
            isWhole &= !isDropped;
            if (isDropped)
                continue;
            bool isAllowed = letter is > ' ' and <= '~' && !Forbidden.Contains(letter, StringComparison.Ordinal);
            isWhole &= isAllowed;
            clean[count++] = isAllowed ? char.ToUpperInvariant(letter) : '_';
        }

        return clean[..count].ToString();
    }
}
