// The version numbers. Not: how they are shown (VersionText, DumpConfig).

namespace NbdFast.Cli;

/// <summary>Which nbdkit this program stands in for, and its own version.</summary>
internal static class Release
{
    /// <summary>The version of nbdkit whose manual this program follows: scripts compare it.</summary>
    public const string Nbdkit = NbdkitVersion.Text;

    /// <summary>The first number of <see cref="Nbdkit"/>.</summary>
    public const string NbdkitMajor = "1";

    /// <summary>The second number of <see cref="Nbdkit"/>.</summary>
    public const string NbdkitMinor = "48";

    /// <summary>The name of this program, whatever it is called by.</summary>
    public const string OwnName = "nbdfast";

    /// <summary>This program's own version, as Directory.Build.props has it; a test compares the two.</summary>
    public const string Own = "0.1.0";
}
