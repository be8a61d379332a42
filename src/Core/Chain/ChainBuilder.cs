// From the names on a command line to units in their order. Not: their parameters (ChainConfig), nor how a name is
// looked up or what an unknown one is answered with (the command line program).

using System;
using System.Collections.Generic;

namespace NbdFast.Chain;

/// <summary>Makes the units of a chain.</summary>
internal static class ChainBuilder
{
    /// <summary>Makes the plugin, then the filters from the innermost outwards, as nbdkit loads them.</summary>
    /// <param name="filterNames">Outermost first, as on the command line.</param>
    /// <param name="pluginName">The plugin's name.</param>
    /// <param name="makeFilter">Makes a filter, or answers null for a name it does not know.</param>
    /// <param name="makePlugin">Makes a plugin, or answers null for a name it does not know.</param>
    /// <exception cref="ConfigException">A name is unknown.</exception>
    public static ChainConfig Build(
        IReadOnlyList<string> filterNames, string pluginName, Func<string, Filter?> makeFilter,
        Func<string, Plugin?> makePlugin)
    {
        Plugin plugin = makePlugin(pluginName) ?? throw new ConfigException($"unknown plugin '{pluginName}'");
        Log.DebugCall($"{plugin.Table.Name}: load");
        var filters = new Filter[filterNames.Count];
        try
        {
            for (int layer = filters.Length - 1; layer >= 0; layer--)
            {
                string name = filterNames[layer];
                filters[layer] = makeFilter(name) ?? throw new ConfigException($"unknown filter '{name}'");
                Log.DebugCall($"{filters[layer].Table.Name}: load");
            }
        }
        catch
        {
            foreach (Filter? filter in filters)
                filter?.Dispose();
            plugin.Dispose();
            throw;
        }

        return new ChainConfig(filters, plugin);
    }

    /// <summary>A chain of units that exist already.</summary>
    /// <param name="filters">Outermost first.</param>
    /// <param name="plugin">The plugin.</param>
    public static ChainConfig Build(IReadOnlyList<Filter> filters, Plugin plugin) => new([.. filters], plugin);
}
