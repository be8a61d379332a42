// One run of a script: started, fed, listened to, waited for. Not: which script and method (ScriptPlugin), what its end
// means (ScriptAnswer).

using System;
using System.Collections.Generic;
using NbdFast.Native;

namespace NbdFast.Plugins.Scripts;

/// <summary>Runs scripts.</summary>
internal static class ScriptRun
{
    private static readonly byte[] Shell = "/bin/sh"u8.ToArray();

    /// <summary>Runs a script to its end.</summary>
    /// <param name="command">Its path and its arguments.</param>
    /// <param name="variable">An environment variable for it.</param>
    /// <param name="input">What it is to read.</param>
    /// <param name="target">Where the first bytes of its output go.</param>
    /// <param name="result">Takes the rest of it, and how it ended.</param>
    /// <returns>An error if it could not be run.</returns>
    public static Errno Do(
        List<byte[]> command, byte[] variable, ReadOnlySpan<byte> input, Span<byte> target, ScriptResult result)
    {
        var streams = new ScriptStreams();
        Errno errno = streams.Open(withInput: !input.IsEmpty);
        int process = errno == Errno.Ok
            ? Start(command, variable, streams.ChildInput, streams.ChildOutput, streams.ChildErrors)
            : -(int)errno;
        if (process < 0)
        {
            streams.Close();
            return (Errno)(-process);
        }

        streams.CloseChildEnds();
        errno = streams.Pump(input, target, result.Printed, result.Complaints, out int filled);
        result.Filled = filled;
        streams.Close();   // If the pump has failed, the script still ends: its pipes are broken.
        Errno waited = Libc.WaitForChild(process, out int exitCode);
        result.ExitCode = exitCode;
        return errno == Errno.Ok ? waited : errno;
    }

    /// <summary>Starts a script on pipes. One without a line "#!" is taken for one of /bin/sh, as any shell would take
    /// it.</summary>
    /// <returns>The child's process number, or the negated errno.</returns>
    public static int Start(List<byte[]> command, byte[] variable, int input, int output, int errors)
    {
        int process = Libc.SpawnOnPipes(command, variable, input, output, errors);
        if (process != -(int)Errno.ENOEXEC)
            return process;
        command.Insert(0, Shell);
        return Libc.SpawnOnPipes(command, variable, input, output, errors);
    }
}
