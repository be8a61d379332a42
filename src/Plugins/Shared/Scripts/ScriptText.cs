// Arguments of scripts as bytes. Not: what they print.

using System;
using System.Globalization;
using System.Text;

namespace NbdFast.Plugins.Scripts;

/// <summary>Writes arguments. They are bytes, for a handle may be any.</summary>
internal static class ScriptText
{
    /// <summary>A text.</summary>
    public static byte[] Of(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>"true" or "false".</summary>
    public static byte[] Of(bool value) => Of(value ? "true" : "false");

    /// <summary>A number, in decimal.</summary>
    public static byte[] Of(ulong number) => Of(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Flags as words with commas in between; "" without any.</summary>
    public static byte[] Of(RequestFlags flags)
    {
        string words = (flags & RequestFlags.Fua) != 0 ? ",fua" : "";
        words += (flags & RequestFlags.MayTrim) != 0 ? ",may_trim" : "";
        words += (flags & RequestFlags.FastZero) != 0 ? ",fast" : "";
        words += (flags & RequestFlags.ReqOne) != 0 ? ",req_one" : "";
        return Of(words.TrimStart(','));
    }

    /// <summary>Arguments for a message, each behind a space.</summary>
    public static string Shown(ReadOnlySpan<byte[]> arguments)
    {
        var text = new StringBuilder();
        foreach (byte[] argument in arguments)
            text.Append(' ').Append(argument.Length == 0 ? "\"\"" : Encoding.UTF8.GetString(argument));
        return text.ToString();
    }
}
