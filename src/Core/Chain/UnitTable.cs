// What is known of a unit at compile time. Filled by generated code. Not: anything that configuration decides.

using System.Collections.Generic;

namespace NbdFast.Chain;

/// <summary>The static description of a plugin or filter, one per class, made by the generator.</summary>
public sealed class UnitTable
{
    /// <summary>The name on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>A free text for messages.</summary>
    public required string LongName { get; init; }

    /// <summary>A text of several lines for <c>--help</c>, or null.</summary>
    public string? Description { get; init; }

    /// <summary>The most parallelism that the unit bears.</summary>
    public ThreadModel ThreadModel { get; init; } = ThreadModel.Parallel;

    /// <summary>How long its calls take.</summary>
    public Latency Latency { get; init; }

    /// <summary>The operations that its connections override, in either twin.</summary>
    public Operations Operations { get; init; }

    /// <summary>Of those, the ones that are overridden in the async twin.</summary>
    public Operations AsyncOperations { get; init; }

    /// <summary>The key of a bare argument, or null.</summary>
    public string? MagicKey { get; init; }

    /// <summary>The keys whose values must not be shown in messages: those of <c>Password</c> properties.</summary>
    public IReadOnlyList<string> SecretKeys { get; init; } = [];

    /// <summary>The lines about parameters for <c>--help</c>, each ended by a line break; "" without any.</summary>
    public string ConfigHelp { get; init; } = "";

    /// <summary>nbdkit's names of the callbacks that the unit provides, for the <c>has_</c> lines of
    /// <c>--dump-plugin</c>, in nbdkit's order.</summary>
    public IReadOnlyList<string> Callbacks { get; init; } = [];
}
