// Where a program that serves begins, and where a start that fails ends: nbdfast itself, and programs with plugins and
// filters of somebody else. Not: the meaning of options (CommandLine), serving (Serving).

using System;
using System.IO;
using NbdFast.Chain;
using NbdFast.Server;

namespace NbdFast.Cli;

/// <summary>
/// nbdfast as a library: a program that calls <see cref="Run(string[], UnitSet[])"/> from its Main is nbdfast with
/// plugins and filters of its own beside those that are built in, command line, signals and all.
/// </summary>
public static class NbdFastHost
{
    private const int Failure = 1;

    /// <summary>Does what a command line says; serves, unless that is a question. Belongs to the beginning of Main: a
    /// start in the background runs the program's file a second time. A process can call it once.</summary>
    /// <param name="arguments">The arguments of Main.</param>
    /// <param name="units">Those of the program: <c>PluginRegistry.All</c>, <c>FilterRegistry.All</c>. One with the
    /// name of a unit that is built in replaces it.</param>
    /// <returns>The exit code for Main; errors have been told.</returns>
    public static int Run(string[] arguments, params UnitSet[] units)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(units);
        UnitCatalogue.Add(units);
        Log.ProgramName = NameOf(Environment.GetCommandLineArgs()[0], isOwn: units.Length == 0);
        try
        {
            return Run(arguments);
        }
        catch (UsageException e)
        {
            Output.Complain(e.Message);
            if (e.ShowsUsage)
                Output.Write(Help.Usage);
            return Failure;
        }
        catch (ConfigException e)
        {
            Log.Error(e.Message);
            return Failure;
        }
    }

    /// <summary>The same, with chains of filters that were fused at compile time.</summary>
    /// <param name="arguments">The arguments of Main.</param>
    /// <param name="fusedChains"><c>FusedChainRegistry.Connect</c> of the program.</param>
    /// <param name="units">The units of the program.</param>
    /// <returns>The exit code for Main.</returns>
    public static int Run(string[] arguments, FusedConnector fusedChains, params UnitSet[] units)
    {
        UnitCatalogue.FusedChains = fusedChains;
        return Run(arguments, units);
    }

    private static int Run(string[] arguments)
    {
        ParentWatch.Remember();
        StandardStreams.EnsureOpen();
        Background? background = Background.Enter();
        Options options = CommandLine.Parse(arguments);
        if (options.Errand != Errand.Serve)
            return Probing.Answer(options);
        if (background == null)
            TakeActivationSockets(options);
        return options.InBackground && background == null
            ? Background.Launch()
            : Serving.Run(options, background);
    }

    private static void TakeActivationSockets(Options options)
    {
        options.ActivationSockets = SocketActivation.Take(Output.Complain);
        if (options.ActivationSockets.Count > 0)
            CommandLine.CheckActivation(options);
    }

    // A script that calls "nbdkit", by a link to this program, may compare what it says. Other links change nothing;
    // but a program of somebody else is called what it is called.
    private static string NameOf(string path, bool isOwn)
    {
        string name = Path.GetFileName(path);
        if (name == "nbdkit")
            return name;
        return isOwn || name.Length == 0 ? Release.OwnName : Path.GetFileNameWithoutExtension(name);
    }
}
