// What came of a call of a script. Not: exit codes, of which there are more (ScriptAnswer).

namespace NbdFast.Plugins.Scripts;

/// <summary>How a call ended, once exit codes that ask for something else as well were heeded.</summary>
internal enum ScriptStatus
{
    /// <summary>The method was executed; for abilities it means yes.</summary>
    Ok,

    /// <summary>The script does not have the method.</summary>
    Missing,

    /// <summary>No, to the question about an ability.</summary>
    False,

    /// <summary>An error.</summary>
    Failed,
}
