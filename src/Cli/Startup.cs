// The first steps of a run that loads units: the log, debug flags, the units themselves. Not: parameters (Parameters),
// what comes after them (Serving).

using System.Collections;
using NbdFast.Chain;
using NbdFast.Diagnostics;

namespace NbdFast.Cli;

/// <summary>Gets ready to configure units.</summary>
internal static class Startup
{
    /// <summary>Sets up messages as the options say.</summary>
    /// <exception cref="ConfigException">The file of <c>--log</c> cannot be opened.</exception>
    public static void Prepare(Options options)
    {
        Log.InstanceName = options.Name;
        Log.IsVerbose = options.Verbose;
        switch (options.Log)
        {
            case LogChoice.Syslog: Log.Sink = new SyslogSink(Log.ProgramName); break;
            case LogChoice.Null: Log.Sink = new NullSink(); break;
            case LogChoice.File: Log.Sink = new FileSink(options.LogFile); break;
            case LogChoice.Default or LogChoice.Stderr: break;   // What it is from the beginning.
        }

        foreach (DebugFlag flag in options.DebugFlags)
            DebugFlags.Set(flag.Unit, flag.Flag, flag.Value);
        Log.Debug($"{Log.ProgramName} {Release.Nbdkit} ({Release.OwnName} {Release.Own})");
        if (DebugFlags.Environment && options.Verbose)
            foreach (DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
                Log.Debug($"environ: {variable.Key}={variable.Value}");
    }

    /// <summary>Loads the units.</summary>
    /// <exception cref="UsageException">A name is unknown.</exception>
    public static ChainConfig Load(Options options)
    {
        ChainConfig chain = ChainBuilder.Build(
            options.Filters, options.Plugin!, UnitCatalogue.MakeFilter, UnitCatalogue.MakePlugin);
        chain.FusedConnect = UnitCatalogue.ConnectFused;
        foreach (string flag in DebugFlags.Unread)
            Output.Complain($"warning: debug flag -D {flag} was not used");
        return chain;
    }
}
