// What a filter asks of the layers below about exports, outside of any connection to one. Not: an open export (INext).

using NbdFast.Chain;

namespace NbdFast;

/// <summary>The layers below a filter, for questions about exports.</summary>
public readonly struct ExportsBelow
{
    private readonly ChainConfig _chain;
    private readonly int _layer;

    internal ExportsBelow(ChainConfig chain, int layer)
    {
        _chain = chain;
        _layer = layer;
    }

    /// <summary>The name that stands for "" below, or null if the default export may not be opened.</summary>
    public string? DefaultExport(ClientInfo client) => _chain.DefaultExport(client, _layer);

    /// <summary>Lists the exports below; if the plugin wants its default export listed, it is in the list.</summary>
    public Errno ListExports(ClientInfo client, ExportList exports) => _chain.ListExports(client, exports, _layer);
}
