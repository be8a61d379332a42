// Runs a command line to its end, as a user at a shell would. Not: a server in the background (ServerProcess).

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;

namespace NbdFast.Testing;

/// <summary>Command lines for bash, with <c>nbdfast</c> being the binary under test and <c>nbdsh</c> libnbd's
/// shell.</summary>
public static class ShellCommand
{
    /// <summary>How long a command may take unless a test says more: far above what any of them needs.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    // A folder in which the binary under test goes by its name, whatever it is really called.
    private static readonly Lazy<string> BinaryFolder = new(CreateBinaryFolder);

    /// <summary>Runs the command line. Its standard input is empty.</summary>
    /// <param name="commandLine">For bash; the first failing part of a pipe fails it.</param>
    /// <param name="variables">Environment variables to set, if any.</param>
    /// <param name="folder">The current directory, or null for the folder of temporary files.</param>
    /// <param name="patience">How long it may take; null for <see cref="Patience"/>.</param>
    /// <exception cref="TimeoutException">It did not end; it has been killed with all its children.</exception>
    public static CommandResult Run(
        string commandLine,
        IReadOnlyDictionary<string, string>? variables = null,
        string? folder = null,
        TimeSpan? patience = null)
    {
        ProcessStartInfo start = new("/bin/bash", ["-o", "pipefail", "-c", commandLine])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        start.Environment["PATH"] =
            $"{BinaryFolder.Value}:{Environment.GetEnvironmentVariable("PATH")}:/usr/local/sbin:/usr/sbin:/sbin";
        start.Environment["LC_ALL"] = "C.UTF-8";
        foreach ((string name, string value) in variables ?? new Dictionary<string, string>())
            start.Environment[name] = value;

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        // Not only the shell must end but also whoever inherited its output: a server left behind is noticed here.
        bool ended = Task.WaitAll([process.WaitForExitAsync(), output, errors], patience ?? Patience);
        if (!ended)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"this did not end: {commandLine}\n{Finished(output)}\n{Finished(errors)}");
        }

        return new CommandResult(
            commandLine,
            process.ExitCode,
            output.Result.TrimEnd('\n'),
            errors.Result.TrimEnd('\n'));
    }

    private static string Finished(Task<string> text) => text.Wait(TimeSpan.FromSeconds(5)) ? text.Result : "(unknown)";

    private static string CreateBinaryFolder()
    {
        string folder = Directory.CreateTempSubdirectory("nbdf-bin").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        File.CreateSymbolicLink(Path.Combine(folder, "nbdfast"), NativeBinary.Path);
        // libnbd's Python module is Debian's, so it needs Debian's Python, whichever else comes first in the path.
        string nbdsh = Path.Combine(folder, "nbdsh");
        File.WriteAllText(nbdsh, "#!/bin/sh\nexec /usr/bin/python3 -m nbd \"$@\"\n");
        File.SetUnixFileMode(nbdsh, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return folder;
    }
}
