// Serving in the background: a launcher that starts this program again and leaves when it is ready. Not: fork, which a
// process with the threads of .NET does not survive whole; not what the server does (NbdServer).

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using NbdFast.Native;

namespace NbdFast.Server;

/// <summary>
/// The server's side and the launcher's side of a start in the background. The launcher waits at a pipe: a byte means
/// that the server is ready, socket bound and PID file written; the end of the pipe without one means that it failed,
/// and its exit code becomes the launcher's.
/// </summary>
internal sealed class Background
{
    /// <summary>Tells the started program which descriptor is the pipe, and which process it must be the child of: a
    /// variable that leaks into another process means nothing there.</summary>
    private const string Marker = "NBDFAST_BACKGROUND";

    private readonly int _pipe;

    private Background(int pipe) => _pipe = pipe;

    /// <summary>The server's side, if a launcher started this process, else null.</summary>
    public static Background? Enter()
    {
        string? text = Environment.GetEnvironmentVariable(Marker);
        if (text == null)
            return null;
        Require(Libc.UnsetEnvironment(Marker), Marker);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0
            || !int.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out int pipe)
            || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int launcher)
            || launcher != Libc.ParentProcessId
            || Libc.SetCloseOnExec(pipe) != Errno.Ok)
            return null;

        // Until it is ready the server must not outlive a launcher that was killed.
        Require(Libc.SignalWhenParentEnds(Signals.Terminate), "prctl");
        return new Background(pipe);
    }

    /// <summary>The launcher's side: starts this program again with the same command line and waits for it.</summary>
    /// <returns>The exit code for the launcher.</returns>
    /// <exception cref="ConfigException">The program cannot be started.</exception>
    public static int Launch()
    {
        Require(Libc.Pipe(out int readEnd, out int writeEnd), "pipe");
        Require(Libc.SetEnvironment(Marker, $"{writeEnd}:{Libc.ProcessId}"), Marker);
        // The file itself, not the link /proc/self/exe: the process would be named "exe".
        string program = Environment.ProcessPath ?? throw new ConfigException("cannot find this program's own file");
        int child = Libc.Spawn(program, Arguments(), inherited: writeEnd);
        if (child < 0)
            throw new ConfigException($"{program}: {((Errno)(-child)).Text()}");
        Require(Libc.Close(writeEnd), "close");

        Span<byte> ready = stackalloc byte[1];
        nint count;
        do
            count = Libc.Read(readEnd, ready);
        while (count == -(int)Errno.EINTR);
        if (count == 1)
            return 0;
        Require(Libc.WaitForChild(child, out int status), "waitpid");
        return status >= 0 ? status : 128 - status;
    }

    /// <summary>Lets go of the caller's directory, standard input and output; standard error stays for messages of the
    /// last steps.</summary>
    /// <exception cref="ConfigException">That failed.</exception>
    public static void Detach()
    {
        Require(Libc.ChangeDirectory("/"), "/");
        StandardStreams.Drop(includingError: false);
    }

    /// <summary>The server is ready: lets go of standard error, unless debug messages go there, and lets the launcher
    /// end.</summary>
    public void Ready(bool keepStandardError)
    {
        StandardStreams.Drop(includingError: !keepStandardError);
        Require(Libc.SignalWhenParentEnds(0), "prctl");
        nint written = Libc.Write(_pipe, [1]);
        if (written < 0)
            throw new ConfigException($"pipe: {((Errno)(-written)).Text()}");
        Require(Libc.Close(_pipe), "close");
    }

    // As bytes: what is not UTF-8 in an argument is lost in .NET's own list.
    private static List<byte[]> Arguments()
    {
        try
        {
            ReadOnlySpan<byte> line = File.ReadAllBytes("/proc/self/cmdline");
            List<byte[]> arguments = [];
            line = line[..^1];   // Each ends with a NUL.
            foreach (Range argument in line.Split((byte)0))
                arguments.Add(line[argument].ToArray());
            return arguments;
        }
        catch (IOException error)
        {
            throw new ConfigException($"/proc/self/cmdline: {error.Message}", error);
        }
    }

    private static void Require(Errno errno, string what)
    {
        if (errno != Errno.Ok)
            throw new ConfigException($"{what}: {errno.Text()}");
    }
}
