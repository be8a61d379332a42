// Declares a filter to the generator. Not: its parameters (NbdParameterAttribute).

using System;

namespace NbdFast;

/// <summary>Declares a <c>sealed partial</c> class derived from <see cref="Filter"/>, with a nested
/// <c>Connection&lt;TNext&gt;</c>, as a filter of the command line.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class NbdFilterAttribute : Attribute
{
    /// <summary>Declares a filter.</summary>
    /// <param name="name">ASCII letters, digits and dashes that do not lead; unique among filters.</param>
    /// <param name="longName">A free text for messages.</param>
    public NbdFilterAttribute(string name, string longName)
    {
        Name = name;
        LongName = longName;
    }

    /// <summary>The name on the command line.</summary>
    public string Name { get; }

    /// <summary>A free text for messages.</summary>
    public string LongName { get; }

    /// <summary>A text of several lines for <c>--help</c>, or null.</summary>
    public string? Description { get; set; }

    /// <summary>The most parallelism that the filter bears. Default: <see
    /// cref="NbdFast.ThreadModel.Parallel"/>.</summary>
    public ThreadModel ThreadModel { get; set; } = ThreadModel.Parallel;

    /// <summary>What the filter adds to the time of a call. Default: nothing.</summary>
    public Latency Latency { get; set; } = Latency.Inherited;
}
