// Memory that there is, and what to say when that is not enough. Not: getting memory (NbdFast.Storage).

using System;
using System.Globalization;
using System.IO;

namespace NbdFast.Plugins.Data.Contents;

/// <summary>Finds out before a disk is filled whether it can be, for afterwards it is too late: Linux hands out more
/// memory than it has, and then ends some process.</summary>
internal static class Shortage
{
    private const string Source = "/proc/meminfo";

    /// <summary>How many bytes of memory and swap are free, or could be. All that there can be, if nobody knows.
    /// </summary>
    public static ulong AvailableBytes()
    {
        ulong available = 0;
        try
        {
            foreach (string line in File.ReadLines(Source))
                if (line.StartsWith("MemAvailable:", StringComparison.Ordinal)
                    || line.StartsWith("SwapFree:", StringComparison.Ordinal))
                {
                    available += Kilobytes(line) << 10;
                }
        }
        catch (IOException error)
        {
            Log.Debug($"data: {Source}: {error.Message}");   // No proc(5) here.
        }

        return available == 0 ? ulong.MaxValue : available;
    }

    /// <summary>The message.</summary>
    public static ConfigException Of(ulong neededBytes, ulong availableBytes) => new(
        $"the data takes {neededBytes} bytes of memory, and only {availableBytes} are available");

    // "MemAvailable:   24191924 kB"
    private static ulong Kilobytes(string line)
    {
        ReadOnlySpan<char> text = line.AsSpan(line.IndexOf(':', StringComparison.Ordinal) + 1).Trim();
        int blank = text.IndexOf(' ');
        return ulong.TryParse(
            blank < 0 ? text : text[..blank], NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
            ? number
            : 0;
    }
}
