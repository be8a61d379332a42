// Declares a plugin to the generator. Not: its parameters (NbdParameterAttribute).

using System;

namespace NbdFast;

/// <summary>Declares a <c>sealed partial</c> class derived from <see cref="Plugin"/> as a plugin of the command
/// line.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class NbdPluginAttribute : Attribute
{
    /// <summary>Declares a plugin.</summary>
    /// <param name="name">ASCII letters, digits and dashes that do not lead; unique among plugins.</param>
    /// <param name="longName">A free text for messages.</param>
    public NbdPluginAttribute(string name, string longName)
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

    /// <summary>The most parallelism that the plugin bears. Default: <see
    /// cref="NbdFast.ThreadModel.Parallel"/>.</summary>
    public ThreadModel ThreadModel { get; set; } = ThreadModel.Parallel;

    /// <summary>How long its calls take. Default: <see cref="NbdFast.Latency.MayBlock"/>.</summary>
    public Latency Latency { get; set; } = Latency.MayBlock;
}
