// A command line that makes no sense as such. Not: parameters of units that are wrong (ConfigException).

using System;

namespace NbdFast.Cli;

/// <summary>The command line was not understood. The message is shown after the program's name alone; the exit code is
/// 1.</summary>
internal sealed class UsageException : Exception
{
    /// <summary>With the text for the user.</summary>
    public UsageException(string message) : base(message)
    {
    }

    /// <summary>With the text for the user and its cause.</summary>
    public UsageException(string message, Exception inner) : base(message, inner)
    {
    }

    /// <summary>Without a text; there is always something better to say.</summary>
    public UsageException()
    {
    }

    /// <summary>The options are unknown or incomplete: their list goes to standard output too, as with
    /// nbdkit.</summary>
    public bool ShowsUsage { get; init; }
}
