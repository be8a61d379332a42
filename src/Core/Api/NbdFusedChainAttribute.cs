// Declares a chain that is to be fused at compile time. Not: whether a command line takes it (Chain/ChainOpener).

using System;

namespace NbdFast;

/// <summary>
/// Names units from the outermost filter to the plugin, as on a command line. For such a chain the generator
/// instantiates each filter over the concrete type of the layer below, so that calls between them are direct and can be
/// inlined.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class NbdFusedChainAttribute : Attribute
{
    /// <summary>Declares a chain.</summary>
    /// <param name="units">At least one filter, then the plugin.</param>
    public NbdFusedChainAttribute(params string[] units) => Units = units;

    /// <summary>The units from the outermost to the plugin.</summary>
    public string[] Units { get; }
}
