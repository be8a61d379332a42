// From arguments to Options. Not: how options are spelt (OptionReader), parameters of units (Parameters), acting on any
// of it.

using System;
using System.Collections.Generic;

namespace NbdFast.Cli;

/// <summary>Reads a command line.</summary>
internal static partial class CommandLine
{
    /// <summary>The longest path of a Unix socket in bytes.</summary>
    private const int MaximumSocketPathBytes = 107;

    private const int MaximumThreads = 65536;

    /// <summary>Reads the arguments without the program's name.</summary>
    /// <exception cref="UsageException">The options make no sense, or one is not there yet.</exception>
    /// <exception cref="ConfigException">The value of an option is wrong.</exception>
    public static Options Parse(IReadOnlyList<string> arguments)
    {
        Options options = Read(arguments);
        // A script that this program is the interpreter of stands where the plugin's name should be.
        if (options.Plugin is { } path && CommandFile.TryRead(path, out IReadOnlyList<string> lines))
        {
            List<string> all = [.. arguments];
            int place = all.IndexOf(path);
            all.RemoveAt(place);
            all.InsertRange(place, lines);
            options = Read(all);
        }

        if (!EndsReading(options.Errand))
            Check(options);
        return options;
    }

    private static Options Read(IReadOnlyList<string> arguments)
    {
        var options = new Options();
        var reader = new OptionReader(
            arguments, stopAtOperand: Environment.GetEnvironmentVariable("POSIXLY_CORRECT") != null);
        while (reader.Next(out OptionId option, out string value))
        {
            Apply(options, option, value);
            if (EndsReading(options.Errand))
                return options;
        }

        TakeOperands(options, reader.Operands);
        return options;
    }

    // As nbdkit has it, what follows these is not even looked at.
    private static bool EndsReading(Errand errand) =>
        errand is Errand.DumpConfig or Errand.LongOptions or Errand.ShortOptions;

    private static void TakeOperands(Options options, IReadOnlyList<string> operands)
    {
        if (operands.Count == 0)
            return;
        options.Plugin = operands[0];
        var parameters = new string[operands.Count - 1];
        for (int i = 0; i < parameters.Length; i++)
            parameters[i] = operands[i + 1];
        options.Parameters = parameters;
    }

    private static void Check(Options options)
    {
        CheckClashes(options);
        if (options.Plugin == null)
        {
            if (options.Errand == Errand.DumpPlugin)
                throw new UsageException(
                    $"use '{Log.ProgramName} plugin --dump-plugin' to find out about a plugin,\n"
                    + "or --dump-config to find out about the server");
            if (options.Errand == Errand.Serve)
                throw new UsageException("no plugins given on the command line.\n" + Help.Pointer);
            return;
        }

        if (options.Run != null && options.Port == null && !options.Vsock)
            options.UnixSocket ??= "-";
    }
}
