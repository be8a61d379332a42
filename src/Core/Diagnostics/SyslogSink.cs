// Messages to the system log. Not: debug messages, which always go to standard error.

using System;
using NbdFast.Native;

namespace NbdFast.Diagnostics;

/// <summary>Hands each message to syslog(3), which adds the program's name and process number itself.</summary>
internal sealed class SyslogSink : ILogSink
{
    private const string Kind = "error: ";

    private readonly string _prefix;

    /// <summary>Opens the log.</summary>
    /// <param name="programName">The name that lines begin with, here and in the log.</param>
    public SyslogSink(string programName)
    {
        _prefix = programName + ": ";
        Libc.OpenSystemLog(programName);
    }

    public void Error(string line) => Libc.LogSystemError(Strip(line, _prefix));

    /// <summary>The line without what the log says itself: the program, and that it is an error.</summary>
    internal static string Strip(string line, string prefix)
    {
        if (line.StartsWith(prefix, StringComparison.Ordinal))
            line = line[prefix.Length..];
        int kind = line.IndexOf(Kind, StringComparison.Ordinal);
        return kind < 0 ? line : line.Remove(kind, Kind.Length);
    }
}
