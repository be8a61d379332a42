// What a finished command left. Not: running it (ShellCommand).

using System;
using Xunit;

namespace NbdFast.Testing;

/// <summary>The end of a command.</summary>
/// <param name="Command">The command line, for messages.</param>
/// <param name="ExitCode">128 and more: killed by a signal.</param>
/// <param name="Output">Standard output, without its last newline.</param>
/// <param name="Errors">Standard error, without its last newline.</param>
public sealed record CommandResult(string Command, int ExitCode, string Output, string Errors)
{
    /// <summary>Asserts that the command succeeded.</summary>
    /// <returns>Its output.</returns>
    public string Succeeded()
    {
        Assert.True(ExitCode == 0, $"this failed: {this}");
        return Output;
    }

    /// <summary>Asserts that the command failed and said why.</summary>
    /// <param name="exitCode">The exit code.</param>
    /// <param name="reason">A part of its standard error.</param>
    public void Failed(int exitCode, string reason)
    {
        Assert.True(ExitCode == exitCode, $"exit code {exitCode} was expected: {this}");
        Assert.True(Errors.Contains(reason, StringComparison.Ordinal), $"'{reason}' was expected: {this}");
    }

    /// <summary>All of it, for a failed test.</summary>
    public override string ToString() =>
        $"{Command}\nexit code {ExitCode}\n--- output\n{Output}\n--- errors\n{Errors}\n---";
}
