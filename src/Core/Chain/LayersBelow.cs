// The way for a filter to open the layers below it once more. Not: the opening itself (ChainOpener).

namespace NbdFast.Chain;

/// <summary>The layers below one filter of a configured chain.</summary>
internal sealed class LayersBelow(ChainConfig chain, int layer)
{
    /// <summary>Opens them for a client.</summary>
    public Errno Open(OpenRequest request, out OpenedLayers? opened) =>
        ChainOpener.Open(chain, layer, request, out opened);

    /// <summary>Opens them for all clients to come: who that is, the layers below cannot know.</summary>
    public Errno OpenShared(string exportName, bool readOnly, out OpenedLayers? opened)
    {
        var nobody = new ClientInfo { IsTls = chain.RequiresTls, ExportName = exportName };
        return ChainOpener.Open(chain, layer, new OpenRequest(nobody, exportName, readOnly), out opened);
    }
}
