// The debug flags of the command line: -D NAME.FLAG=N. Not: -v, which debug messages need as well (Log).

using System;
using System.Collections.Generic;

namespace NbdFast.Diagnostics;

/// <summary>Numbers that a person who looks for a fault gives to units or to the server ("Debug Flag" in nbdkit(1)).
/// Set before units are loaded. A unit reads its flags in its constructor: of one that nobody has read by then the
/// person is told.</summary>
public static class DebugFlags
{
    /// <summary>The name that the server's own flags begin with.</summary>
    internal const string Server = "nbdkit";

    private const int MostSpinMicroseconds = 1000;

    // Replaced as a whole, so that a thread may read while another sets.
    private static Given[] _given = [];

    /// <summary>Under <c>-v</c>, tell of every callback that carries no data: config, open, close, ... Default:
    /// true.</summary>
    internal static bool ControlPath { get; private set; } = true;

    /// <summary>Under <c>-v</c>, tell of every request. Default: true.</summary>
    internal static bool DataPath { get; private set; } = true;

    /// <summary>Under <c>-v</c>, tell of the environment at the start. Default: false, for it may hold
    /// secrets.</summary>
    internal static bool Environment { get; private set; }

    /// <summary>Tell at the end of each connection what was allocated meanwhile, also without <c>-v</c>, under which
    /// requests are traced. Default: false.</summary>
    internal static bool Allocations { get; private set; }

    /// <summary>Treat units that never wait as if they might: for measuring, and testing, how such requests are
    /// served. Default: false.</summary>
    internal static bool MayBlock { get; private set; }

    /// <summary>How long a thread looks for the next request before it sleeps, in microseconds; 0: not.</summary>
    internal static int SpinMicroseconds { get; private set; } = 40;

    /// <summary>The most loops that serve connections; 0: one for each core.</summary>
    internal static int Loops { get; private set; }

    /// <summary>Reads that would wait for a disk are given to io_uring, where the system has it. Default: true.
    /// </summary>
    internal static bool ReadRing { get; private set; } = true;

    /// <summary>How much the TLS library tells, under <c>-v</c>: 0 (nothing) to 99.</summary>
    internal static int TlsLog { get; private set; }

    /// <summary>Under <c>-v</c>, tell of each TLS session what was agreed on. Default: false.</summary>
    internal static bool TlsSession { get; private set; }

    /// <summary>The flags that nobody has asked for, as NAME.FLAG.</summary>
    internal static IEnumerable<string> Unread
    {
        get
        {
            foreach (Given given in _given)
                if (!given.WasRead)
                    yield return $"{given.Name}.{given.Flag}";
        }
    }

    /// <summary>The number, or 0 for a flag that was not given.</summary>
    /// <param name="name">The plugin or filter.</param>
    /// <param name="flag">The flag; periods and underscores in it are alike.</param>
    public static int Get(string name, string flag)
    {
        int last = 0;
        foreach (Given given in _given)
        {
            if (given.Name != name || given.Flag.Replace('.', '_') != flag.Replace('.', '_'))
                continue;
            given.WasRead = true;
            last = given.Value;
        }

        return last;
    }

    /// <summary>Sets a flag, before any unit is loaded.</summary>
    internal static void Set(string name, string flag, int value)
    {
        bool isServers = name == Server && SetOfServer(flag.Replace('_', '.'), value);
        _given = [.. _given, new Given(name, flag, value) { WasRead = isServers }];
    }

    private static bool SetOfServer(string flag, int value)
    {
        bool on = value != 0;
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
            case "spin":
                SpinMicroseconds = Math.Clamp(value, 0, MostSpinMicroseconds);
                return true;
            case "loops":
                Loops = Math.Clamp(value, 0, System.Environment.ProcessorCount);
                return true;
            case "readring":
                ReadRing = on;
                return true;
            case "mayblock":
                MayBlock = on;
                return true;
            case "tls.log":
                TlsLog = value;
                return true;
            case "tls.session":
                TlsSession = on;
                return true;
            case "allocations":
                Allocations = on;
                return true;
            default:
                return false;
        }
    }

    private sealed class Given(string name, string flag, int value)
    {
        public string Name => name;

        public string Flag => flag;

        public int Value => value;

        public bool WasRead { get; set; }
    }
}
