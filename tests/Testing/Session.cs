// Processes that share a session, which is how what a server left behind is found. Not: ordinary process handling.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using NbdFast.Testing.Native;

namespace NbdFast.Testing;

/// <summary>The processes of a session, from /proc.</summary>
public static class Session
{
    private const int SessionField = 3;   // Of the fields after the name: state, parent, group, session.
    private const int StateField = 0;

    /// <summary>Kills what still lives of a session.</summary>
    /// <returns>The names of those that had to be killed.</returns>
    public static IReadOnlyList<string> KillAll(int session)
    {
        List<string> killed = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int process))
                continue;
            if (ReadStatus(folder) is not { } status)
                continue;
            // The name stands in parentheses and may hold anything, so count from its end.
            int nameEnd = status.LastIndexOf(')');
            string[] fields = status[(nameEnd + 2)..].Split(' ');
            bool isDead = fields[StateField] is "Z" or "X";
            if (isDead || int.Parse(fields[SessionField], CultureInfo.InvariantCulture) != session)
                continue;
            if (Processes.Send(process, Signal.Kill))
                killed.Add(status[..(nameEnd + 1)]);
        }

        return killed;
    }

    // Null for a process that ended meanwhile.
    private static string? ReadStatus(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "stat"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
