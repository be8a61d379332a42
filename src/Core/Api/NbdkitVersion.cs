// The version of nbdkit that this library stands in for. Not: its own (the package's).

namespace NbdFast;

/// <summary>Which nbdkit's manual is followed; scripts and clients compare it.</summary>
public static class NbdkitVersion
{
    /// <summary>The version as text.</summary>
    public const string Text = "1.48.1";
}
