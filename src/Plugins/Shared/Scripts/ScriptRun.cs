// One run of a script: started, fed, listened to, waited for. Not: which script and method (ScriptPlugin), what its end
// means (ScriptAnswer).

using System;
using System.Collections.Generic;
using NbdFast.Native;

namespace NbdFast.Plugins.Scripts;

/// <summary>A run and what it printed.</summary>
/// <param name="keepsOutput">The output is wanted, beyond what goes into a target.</param>
internal sealed class ScriptRun(bool keepsOutput)
{
    // Enough for the longest lists that are taken: 2^20 extents, 10 000 exports with their descriptions.
    private const int MostPrinted = 128 << 20;

    // Only the first line is looked at.
    private const int MostComplaints = 64 << 10;

    private static readonly byte[] Shell = "/bin/sh"u8.ToArray();

    /// <summary>The output behind what went into the target.</summary>
    public BoundedBytes Printed { get; } = new(keepsOutput ? MostPrinted : 0);

    /// <summary>There was more output than is kept, though all of it was wanted.</summary>
    public bool IsCut => keepsOutput && Printed.IsCut;

    /// <summary>The errors.</summary>
    public BoundedBytes Complaints { get; } = new(MostComplaints);

    /// <summary>How many bytes of the output went into the target.</summary>
    public int Filled { get; private set; }

    /// <summary>The exit code, or the negated number of the signal that killed the script.</summary>
    public int ExitCode { get; private set; }

    /// <summary>Runs a script to its end.</summary>
    /// <param name="command">Its path and its arguments.</param>
    /// <param name="variable">An environment variable for it.</param>
    /// <param name="input">What it is to read.</param>
    /// <param name="target">Where the first bytes of its output go.</param>
    /// <returns>An error if it could not be run; how it ended says <see cref="ExitCode"/>.</returns>
    public Errno Do(List<byte[]> command, byte[] variable, ReadOnlySpan<byte> input, Span<byte> target)
    {
        var streams = new ScriptStreams();
        Errno errno = streams.Open(withInput: !input.IsEmpty);
        int process = errno == Errno.Ok ? Start(command, variable, in streams) : -(int)errno;
        if (process < 0)
        {
            streams.Close();
            return (Errno)(-process);
        }

        streams.CloseChildEnds();
        errno = streams.Pump(input, target, Printed, Complaints, out int filled);
        Filled = filled;
        streams.Close();   // If the pump has failed, the script still ends: its pipes are broken.
        Errno waited = Libc.WaitForChild(process, out int exitCode);
        ExitCode = exitCode;
        return errno == Errno.Ok ? waited : errno;
    }

    private static int Start(List<byte[]> command, byte[] variable, in ScriptStreams streams)
    {
        int process = Spawn(command, variable, in streams);
        if (process != -(int)Errno.ENOEXEC)
            return process;
        command.Insert(0, Shell);   // No line "#!": as any shell would, take it for one of /bin/sh.
        return Spawn(command, variable, in streams);
    }

    private static int Spawn(List<byte[]> command, byte[] variable, in ScriptStreams streams) =>
        Libc.SpawnOnPipes(command, variable, streams.ChildInput, streams.ChildOutput, streams.ChildErrors);
}
