// A command line that cannot be served. Not: errors of requests (Errno).

using System;

namespace NbdFast;

/// <summary>Something on the command line is wrong. The message is shown to the user as one line; the process ends with
/// exit code 1.</summary>
public sealed class ConfigException : Exception
{
    /// <summary>With the line for the user, without a trailing full stop.</summary>
    public ConfigException(string message) : base(message)
    {
    }

    /// <summary>With the line for the user and its cause.</summary>
    public ConfigException(string message, Exception inner) : base(message, inner)
    {
    }

    /// <summary>Without a message; there is always something better to say.</summary>
    public ConfigException()
    {
    }
}
