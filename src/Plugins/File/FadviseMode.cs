// The value of fadvise=. Not: the call that it leads to (Libc.Advise).

using NbdFast.Native;
using NbdFast.Values;

namespace NbdFast.Plugins.Files;

/// <summary>In what order clients are expected to read.</summary>
/// <param name="Advice">What the kernel is told of the whole file.</param>
public readonly record struct FadviseMode(FileAdvice Advice) : IValue<FadviseMode>
{
    /// <summary>Parses normal, random or sequential.</summary>
    /// <exception cref="ConfigException">Anything else.</exception>
    public static FadviseMode Parse(string value) => value switch
    {
        "normal" => new FadviseMode(FileAdvice.Normal),
        "random" => new FadviseMode(FileAdvice.Random),
        "sequential" => new FadviseMode(FileAdvice.Sequential),
        _ => throw new ConfigException($"unknown fadvise mode: {value} (use normal, random or sequential)"),
    };
}
