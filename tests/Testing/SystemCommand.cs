// Runs one of the system's programs for a test that has no use for the binary under test. Not: command lines
// (ShellCommand).

using System.Diagnostics;
using System.Threading.Tasks;

namespace NbdFast.Testing;

/// <summary>Programs such as <c>mount</c> and <c>losetup</c>, run to their end.</summary>
public static class SystemCommand
{
    /// <summary>Runs a program with its arguments as they are, without a shell.</summary>
    public static CommandResult Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return new CommandResult(
            $"{program} {string.Join(' ', arguments)}",
            process.ExitCode,
            output.Result.TrimEnd('\n'),
            errors.TrimEnd('\n'));
    }
}
