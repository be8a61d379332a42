// A parameter with bytes that are not text. Not: parameters that are (all others).

using System;
using System.IO;
using System.Text;

namespace NbdFast.Plugins.Data;

/// <summary>Finds the bytes that the user gave. .NET takes arguments for UTF-8, and puts U+FFFD wherever they are
/// not; what is lost there the kernel still knows.</summary>
internal static class RawArgument
{
    private const char Replacement = '\uFFFD';
    private const string Source = "/proc/self/cmdline";

    /// <summary>The bytes of a parameter's value.</summary>
    /// <param name="key">The parameter.</param>
    /// <param name="value">Its value, as a text.</param>
    public static byte[] BytesOf(string key, string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        if (!value.Contains(Replacement, StringComparison.Ordinal))
            return bytes;
        try
        {
            return Find(File.ReadAllBytes(Source), key + "=", value) ?? bytes;
        }
        catch (IOException error)
        {
            Log.Debug($"data: {Source}: {error.Message}");   // No proc(5): the text has to do.
            return bytes;
        }
    }

    /// <summary>Looks for a parameter, with its key or without it.</summary>
    /// <param name="commandLine">Arguments, each with a NUL behind it.</param>
    /// <param name="key">The key and '='.</param>
    /// <param name="value">The value as a text.</param>
    /// <returns>The value, or null: it was in a file.</returns>
    internal static byte[]? Find(ReadOnlySpan<byte> commandLine, string key, string value)
    {
        foreach (Range range in commandLine.Split((byte)0))
        {
            ReadOnlySpan<byte> argument = commandLine[range];
            string text = Encoding.UTF8.GetString(argument);
            if (text == value)
                return argument.ToArray();
            if (text.Length == key.Length + value.Length && text.StartsWith(key, StringComparison.Ordinal)
                && text.EndsWith(value, StringComparison.Ordinal))
            {
                return argument[Encoding.UTF8.GetByteCount(key)..].ToArray();
            }
        }

        return null;
    }
}
