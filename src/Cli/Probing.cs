// Runs of the program that answer a question and end (nbdkit-probing(1)). Not: the answers (Help, DumpConfig, ...),
// serving.

using System;
using NbdFast.Chain;

namespace NbdFast.Cli;

/// <summary>Answers a question about the program or a unit.</summary>
internal static class Probing
{
    /// <summary>Writes the answer to standard output.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="UsageException">A unit is unknown.</exception>
    /// <exception cref="ConfigException">A parameter is wrong.</exception>
    public static int Answer(Options options) => Output.Write(options.Errand switch
    {
        Errand.Help => Help.Write(options),
        Errand.Version => VersionText.Write(options),
        Errand.DumpConfig => DumpConfig.Write(),
        Errand.ShortOptions => OptionList.Short(),
        Errand.LongOptions => OptionList.Long(),
        Errand.DumpPlugin => AboutPlugin(options),
        _ => throw new InvalidOperationException($"no question: {options.Errand}"),
    });

    private static string AboutPlugin(Options options)
    {
        Startup.Prepare(options);
        ChainConfig chain = Startup.Load(options);
        try
        {
            Parameters.Apply(chain, options.Parameters);
            return DumpPlugin.Write(chain);
        }
        finally
        {
            ChainLifecycle.Dispose(chain);
        }
    }
}
