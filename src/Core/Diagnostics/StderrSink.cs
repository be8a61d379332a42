// Messages to standard error. Not: the system log (SyslogSink).

using System;
using System.Text;
using NbdFast.Native;

namespace NbdFast.Diagnostics;

/// <summary>Writes each message as one line with one call, so that lines of several threads do not mix. On a terminal
/// errors are red.</summary>
internal sealed class StderrSink : ILogSink
{
    private const int StandardError = 2;

    private const string Red = "\e[1;31m";
    private const string Plain = "\e[0m";

    // See no-color.org.
    private static readonly bool IsColourful = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    private StderrSink()
    {
    }

    public static StderrSink Instance { get; } = new();

    public void Error(string line) => Write(Libc.IsTerminal(StandardError) && IsColourful ? Red + line + Plain : line);

    public void Debug(string line) => Write(line);

    // A message that cannot be written (closed or full stderr) is lost: there is nowhere to say so.
    private static void Write(string line) => Libc.Write(StandardError, Encoding.UTF8.GetBytes(line + "\n"));
}
