// When the units of a chain are started and ended. Not: their configuration (ChainConfig), their connections
// (ChainOpener).

using System;
using System.Linq;

namespace NbdFast.Chain;

/// <summary>The calls to every layer between configuration and the end of the process ("Callback lifecycle" in
/// nbdkit-plugin(3)).</summary>
internal static class ChainLifecycle
{
    /// <summary>The last preparation in the foreground: plugin first, then outwards.</summary>
    /// <exception cref="ConfigException">Serving is not possible.</exception>
    public static void GetReady(ChainConfig chain)
    {
        ThreadModel model = chain.ThreadModel;
        foreach (IUnit unit in chain.Layers.Reverse())
        {
            if (unit == chain.Plugin)
                Log.DebugCall($"{unit.Table.Name}: get_ready");
            else
                Log.DebugCall($"{unit.Table.Name}: get_ready thread_model={(int)model}");
            Fault.Configuring(unit, () => unit.GetReady(model));
        }
    }

    /// <summary>The process is in its final shape: plugin first, then outwards. From here on filters may open layers
    /// below on their own.</summary>
    /// <exception cref="ConfigException">Serving is not possible.</exception>
    public static void AfterFork(ChainConfig chain)
    {
        for (int layer = chain.PluginLayer; layer >= 0; layer--)
        {
            IUnit unit = chain.Unit(layer);
            if (unit is Filter filter)
                filter.Below = new LayersBelow(chain, layer + 1);
            Log.DebugCall($"{unit.Table.Name}: after_fork");
            Fault.Configuring(unit, unit.AfterFork);
        }
    }

    /// <summary>All connections are closed: outermost first. After its own cleanup a filter opens nothing
    /// more.</summary>
    public static void Cleanup(ChainConfig chain)
    {
        foreach (IUnit unit in chain.Layers)
        {
            Log.DebugCall($"{unit.Table.Name}: cleanup");
            Tolerating(unit, "cleanup", unit.Cleanup);
            if (unit is Filter filter)
                filter.Below = null;
        }
    }

    /// <summary>The last call: plugin first, then outwards.</summary>
    public static void Dispose(ChainConfig chain)
    {
        foreach (IUnit unit in chain.Layers.Reverse())
        {
            Log.DebugCall($"{unit.Table.Name}: unload {(unit == chain.Plugin ? "plugin" : "filter")}");
            Tolerating(unit, "unload", unit.Dispose);
        }
    }

    // The process ends anyway: every other layer still gets its call.
    private static void Tolerating(IUnit unit, string callback, Action call) => Fault.Serving(unit, callback, () =>
    {
        call();
        return Errno.Ok;
    });
}
