// Offsets, distances, alignments, lengths and times: numbers up to the size of a disk, with a suffix if one likes. Not:
// bytes and words (WordLiteral).

using NbdFast.Values;

namespace NbdFast.Plugins.Data.Language;

/// <summary>Reads a number of bytes or times.</summary>
internal static class Count
{
    /// <summary>Reads it: decimal with or without one of the suffixes of <see cref="DiskSize"/>, octal or
    /// hexadecimal.</summary>
    /// <param name="cursor">Where it begins.</param>
    /// <param name="what">What it is, for messages.</param>
    public static ulong Read(Cursor cursor, string what)
    {
        int start = cursor.Position;
        ulong number = cursor.ReadNumber(what, out bool isDecimal);
        // "@4be16:1" is not 4 bytes and then "e16".
        if (isDecimal && cursor.Rest is [var suffix, .. var rest] && char.IsAsciiLetter((char)suffix)
            && !(rest.Length > 0 && char.IsAsciiLetterOrDigit((char)rest[0])))
        {
            number = WithSuffix(cursor, start, number, (char)suffix);
        }

        return number <= DiskSize.Largest ? number : throw cursor.Text.Fail(start, $"{what} is too large");
    }

    private static ulong WithSuffix(Cursor cursor, int start, ulong number, char suffix)
    {
        try
        {
            number = DiskSize.Parse($"{number}{suffix}");
        }
        catch (ConfigException error)
        {
            throw cursor.Text.Fail(start, error.Message);
        }

        cursor.Position++;
        return number;
    }
}
