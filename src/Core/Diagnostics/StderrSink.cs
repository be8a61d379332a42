// Messages to standard error. Not: the system log (SyslogSink).

using System.Text;
using NbdFast.Native;

namespace NbdFast.Diagnostics;

/// <summary>Writes each message as one line with one call, so that lines of several threads do not mix.</summary>
internal sealed class StderrSink : ILogSink
{
    private const int StandardError = 2;

    private StderrSink()
    {
    }

    public static StderrSink Instance { get; } = new();

    public void Error(string line) => Write(line);

    public void Debug(string line) => Write(line);

    // A message that cannot be written (closed or full stderr) is lost: there is nowhere to say so.
    private static void Write(string line) => Libc.Write(StandardError, Encoding.UTF8.GetBytes(line + "\n"));
}
