// A script of the command line that prints headers or a cookie. Not: what becomes of them (Credentials).

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using NbdFast.Plugins.Scripts;

namespace NbdFast.Plugins.Curl;

/// <summary>header-script or cookie-script, and when it is to be run again.</summary>
/// <param name="name">The parameter.</param>
/// <param name="script">A command or a fragment of shell.</param>
/// <param name="url">What the script finds as <c>$url</c>.</param>
/// <param name="renewSeconds">How old its output may get; 0: any age.</param>
/// <param name="tells">Tell of what it printed (<c>-D curl.scripts=1</c>).</param>
internal sealed class CredentialScript(string name, string script, string url, uint renewSeconds, bool tells)
{
    private const long MsPerSecond = 1000;

    private static readonly byte[] Shell = "/bin/sh"u8.ToArray();
    private static readonly byte[] FromArgument = "-c"u8.ToArray();

    private long _iteration;
    private long _dueMs;   // 0: at once.

    /// <summary>It has not been run, or not for the time of renewal.</summary>
    [HotPath]
    public bool IsDue => Environment.TickCount64 >= System.Threading.Volatile.Read(ref _dueMs);

    /// <summary>Runs it. By one thread at a time.</summary>
    /// <param name="lines">The lines that it printed, without empty ones.</param>
    /// <returns>What is wrong with it, or null.</returns>
    public string? Run(out IReadOnlyList<string> lines)
    {
        Log.Debug($"curl: running {name}");
        string iteration = _iteration.ToString(CultureInfo.InvariantCulture);
        string text = $"iteration={iteration}\nurl={Quoted(url)}\n{script}";
        List<byte[]> command = [Shell, FromArgument, Encoding.UTF8.GetBytes(text)];
        ScriptResult run = new(keepsOutput: true);
        Errno errno = ScriptRun.Do(command, Encoding.UTF8.GetBytes($"iteration={iteration}"), [], [], run);
        lines = [];
        if (errno != Errno.Ok)
            return $"{name}: {errno.Text()}";
        string complaints = Encoding.UTF8.GetString(run.Complaints.Kept).Trim();
        if (run.ExitCode != 0)
            return $"{name} failed{Ending(run.ExitCode)}{Said(complaints)}";
        if (complaints.Length > 0)
            Log.Debug($"{name}: {complaints}");

        _iteration++;
        lines = Encoding.UTF8.GetString(run.Printed.Kept)
            .Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        Tell(lines);
        System.Threading.Volatile.Write(
            ref _dueMs, renewSeconds == 0 ? long.MaxValue : Environment.TickCount64 + (renewSeconds * MsPerSecond));
        return null;
    }

    private void Tell(IReadOnlyList<string> lines)
    {
        Log.Debug($"{name} returned {lines.Count} line(s)");
        if (!tells)
            return;
        foreach (string line in lines)
            Log.Debug($"{name}: {line}");
    }

    private static string Ending(int exitCode) =>
        exitCode < 0 ? $" (signal {-exitCode})" : $" (exit code {exitCode})";

    private static string Said(string complaints) => complaints.Length == 0 ? "" : $": {complaints.Split('\n')[0]}";

    // For the shell: nothing in it means anything.
    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
