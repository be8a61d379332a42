// The value of -D. Not: what flags do (Diagnostics/DebugFlags).

using System;
using NbdFast.Values;

namespace NbdFast.Cli;

/// <summary>A debug flag as given on the command line.</summary>
/// <param name="Unit">The plugin or filter, or "nbdkit" for the server.</param>
/// <param name="Flag">The flag's name.</param>
/// <param name="Value">Its value.</param>
internal readonly record struct DebugFlag(string Unit, string Flag, int Value)
{
    /// <summary>Parses NAME.FLAG=N.</summary>
    /// <exception cref="UsageException">It has another form.</exception>
    public static DebugFlag Parse(string text)
    {
        int period = text.IndexOf('.', StringComparison.Ordinal);
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (period <= 0 || equals <= period + 1)
            throw Bad(null);
        try
        {
            return new DebugFlag(
                text[..period], text[(period + 1)..equals], Parsers.ParseInt32(text[(equals + 1)..]));
        }
        catch (ConfigException e)
        {
            throw Bad(e);
        }
    }

    private static UsageException Bad(ConfigException? cause)
    {
        const string Form = "-D (Debug Flag) must have the format NAME.FLAG=N";
        return cause == null ? new UsageException(Form) : new UsageException($"{Form}: {cause.Message}", cause);
    }
}
