// The debug flags of the command line: -D NAME.FLAG=N. Not: -v, which debug messages need as well (Log).

namespace NbdFast.Diagnostics;

/// <summary>Numbers that a person who looks for a fault gives to units or to the server ("Debug Flag" in nbdkit(1)). Set
/// before a unit is loaded; read them once, not for each request.</summary>
public static class DebugFlags
{
    /// <summary>The name that the server's own flags begin with.</summary>
    internal const string Server = "nbdkit";

    // Replaced as a whole, so that a thread may read while another sets.
    private static (string Name, string Flag, int Value)[] _given = [];

    /// <summary>Under <c>-v</c>, tell of every callback that carries no data: config, open, close, ... Default:
    /// true.</summary>
    internal static bool ControlPath { get; private set; } = true;

    /// <summary>Under <c>-v</c>, tell of every request. Default: true.</summary>
    internal static bool DataPath { get; private set; } = true;

    /// <summary>Under <c>-v</c>, tell of the environment at the start. Default: false, for it may hold
    /// secrets.</summary>
    internal static bool Environment { get; private set; }

    /// <summary>The number, or 0 for a flag that was not given.</summary>
    /// <param name="name">The plugin or filter.</param>
    /// <param name="flag">The flag; periods and underscores in it are alike.</param>
    public static int Get(string name, string flag)
    {
        int last = 0;
        foreach ((string givenName, string givenFlag, int value) in _given)
            if (givenName == name && givenFlag.Replace('.', '_') == flag.Replace('.', '_'))
                last = value;
        return last;
    }

    /// <summary>Sets a flag, before any unit is loaded.</summary>
    /// <returns>False if it is one of the server's, and there is no such.</returns>
    internal static bool Set(string name, string flag, int value)
    {
        _given = [.. _given, (name, flag, value)];
        return name != Server || SetOfServer(flag.Replace('_', '.'), value != 0);
    }

    private static bool SetOfServer(string flag, bool on)
    {
        switch (flag)
        {
            case "backend.controlpath":
                ControlPath = on;
                return true;
            case "backend.datapath":
                DataPath = on;
                return true;
            case "environ":
                Environment = on;
                return true;
            default:
                return false;
        }
    }
}
