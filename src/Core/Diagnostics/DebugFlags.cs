// The debug flags of the command line: -D NAME.FLAG=N. Not: -v, which debug messages need as well (Log).

using System.Collections.Concurrent;

namespace NbdFast.Diagnostics;

/// <summary>Numbers that a person who looks for a fault gives to units or to the server ("Debug Flag" in nbdkit(1)). Set
/// before a unit is loaded; read them once, not for each request.</summary>
public static class DebugFlags
{
    private static readonly ConcurrentDictionary<(string Name, string Flag), int> Values = new();

    /// <summary>The number, or 0 for a flag that was not given.</summary>
    /// <param name="name">The plugin or filter; the server's own flags go under "nbdkit".</param>
    /// <param name="flag">The flag.</param>
    public static int Get(string name, string flag) => Values.TryGetValue((name, flag), out int value) ? value : 0;

    /// <summary>Sets a flag.</summary>
    internal static void Set(string name, string flag, int value) => Values[(name, flag)] = value;
}
