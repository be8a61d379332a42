// Where error messages are to go, as --log says it. Not: the sinks (Diagnostics).

namespace NbdFast.Cli;

/// <summary>The values of <c>--log</c>.</summary>
internal enum LogChoice
{
    /// <summary>Standard error, or the system log for a server in the background.</summary>
    Default,

    /// <summary>Standard error.</summary>
    Stderr,

    /// <summary>The system log.</summary>
    Syslog,

    /// <summary>Nowhere.</summary>
    Null,

    /// <summary>A file.</summary>
    File,
}
