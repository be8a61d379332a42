// Gives the arguments after the plugin's name to the chain: key=value, bare values, @FILE. Not: what keys mean (the
// units), files of parameters (ParameterFile).

using System;
using System.Collections.Generic;
using NbdFast.Chain;

namespace NbdFast.Cli;

/// <summary>Applies parameters in their order ("PLUGIN CONFIGURATION" in nbdkit(1)).</summary>
internal sealed class Parameters
{
    /// <summary>What the first bare argument means to a plugin without a magic key: the script of a scripting
    /// plugin.</summary>
    private const string ScriptKey = "script";

    private readonly Action<string, string> _apply;
    private readonly string? _magicKey;
    private bool _any;

    private Parameters(Action<string, string> apply, string? magicKey)
    {
        _apply = apply;
        _magicKey = magicKey;
    }

    /// <summary>Gives all parameters to a chain.</summary>
    /// <exception cref="ConfigException">One of them is wrong.</exception>
    public static void Apply(ChainConfig chain, IReadOnlyList<string> arguments) =>
        Apply(chain.Apply, chain.MagicKey, arguments);

    /// <summary>Gives all parameters to whoever takes a key and a value.</summary>
    /// <param name="apply">Takes a key and its value.</param>
    /// <param name="magicKey">The key of a bare argument, or null.</param>
    /// <param name="arguments">What follows the plugin's name.</param>
    /// <exception cref="UsageException">A bare argument means nothing to this plugin.</exception>
    public static void Apply(Action<string, string> apply, string? magicKey, IReadOnlyList<string> arguments)
    {
        var parameters = new Parameters(apply, magicKey);
        for (int i = 0; i < arguments.Count; i++)
            if (ParameterFile.IsReference(arguments[i]))
                ParameterFile.Read(arguments[i], parameters.Add);
            else
                parameters.Add(arguments[i]);
    }

    private void Add(string argument)
    {
        bool isFirst = !_any;
        _any = true;
        int equals = argument.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0 && ChainConfig.IsKey(argument.AsSpan(0, equals)))
            _apply(argument[..equals], argument[(equals + 1)..]);
        else if (_magicKey != null)
            _apply(_magicKey, argument);
        else if (isFirst)
            _apply(ScriptKey, argument);
        else
            throw new UsageException($"expecting key=value on the command line but got: {argument}");
    }
}
