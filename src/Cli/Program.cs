// Where the process begins, and where a start that fails ends. Not: the meaning of options (CommandLine), serving
// (Serving).

using System;
using System.IO;
using NbdFast.Server;

namespace NbdFast.Cli;

internal static class Program
{
    private const int Failure = 1;

    private static int Main(string[] arguments)
    {
        Log.ProgramName = NameOf(Environment.GetCommandLineArgs()[0]);
        try
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

    private static void TakeActivationSockets(Options options)
    {
        options.ActivationSockets = SocketActivation.Take(Output.Complain);
        if (options.ActivationSockets.Count > 0)
            CommandLine.CheckActivation(options);
    }

    // A script that calls "nbdkit", by a link to this program, may compare what it says.
    private static string NameOf(string path) => Path.GetFileName(path) == "nbdkit" ? "nbdkit" : Release.OwnName;
}
