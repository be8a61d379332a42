// What a chain says about clients and exports before one is opened. Not: the opening (ChainOpener).

using System.Text;

namespace NbdFast.Chain;

internal sealed partial class ChainConfig
{
    /// <summary>A client has connected: every layer may refuse it, outermost first.</summary>
    public Errno Preconnect(ClientInfo client)
    {
        using var turn = new Turn(_turn);
        foreach (IUnit unit in Layers)
        {
            Log.DebugCall($"{unit.Table.Name}: preconnect");
            Errno errno = Fault.Serving(unit, "preconnect", () => unit.Preconnect(client));
            if (errno != Errno.Ok)
                return errno;
        }

        return Errno.Ok;
    }

    /// <summary>The name that stands for "" at a layer, or null if the default export may not be opened.</summary>
    public string? DefaultExport(ClientInfo client, int layer)
    {
        using var turn = new Turn(_turn);
        IUnit unit = Unit(layer);
        Log.DebugCall(
            $"{unit.Table.Name}: default_export readonly={Bit(client.ServerIsReadOnly)} tls={Bit(client.IsTls)}");
        string? name = null;
        Errno errno = Fault.Serving(unit, "default_export", () =>
        {
            name = layer == PluginLayer
                ? Plugin.DefaultExport(client)
                : _filters[layer].DefaultExport(client, new ExportsBelow(this, layer + 1));
            return Errno.Ok;
        });

        // A name that no client could send counts as none (.default_export).
        bool usable = errno == Errno.Ok && name != null
            && Encoding.UTF8.GetByteCount(name) <= ExportInfo.MaximumStringBytes;
        return usable ? name : null;
    }

    /// <summary>Lists the exports as a layer shows them.</summary>
    public Errno ListExports(ClientInfo client, ExportList exports, int layer)
    {
        using var turn = new Turn(_turn);
        IUnit unit = Unit(layer);
        Log.DebugCall(
            $"{unit.Table.Name}: list_exports readonly={Bit(client.ServerIsReadOnly)} tls={Bit(client.IsTls)}");
        Errno errno = Fault.Serving(unit, "list_exports", () => layer == PluginLayer
            ? Plugin.ListExports(client, exports)
            : _filters[layer].ListExports(client, exports, new ExportsBelow(this, layer + 1)));
        if (errno != Errno.Ok)
            return errno;

        // Resolved where the list leaves the layer that asked for it: layers above see names only.
        if (exports.UseDefaultExport)
        {
            exports.UseDefaultExport = false;
            if (DefaultExport(client, layer) is { } name)
                errno = exports.Add(name);
        }

        Log.DebugCall($"{unit.Table.Name}: list_exports returned {exports.Count} names");
        return errno;
    }

    internal static int Bit(bool value) => value ? 1 : 0;
}
