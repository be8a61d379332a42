// The way for a filter to open the layers below it once more. Not: the opening itself (ChainOpener).

namespace NbdFast.Chain;

/// <summary>The layers below one filter of a configured chain.</summary>
internal sealed class LayersBelow(ChainConfig chain, int layer)
{
    public Errno Open(OpenRequest request, out OpenedLayers? opened) =>
        ChainOpener.Open(chain, layer, request, out opened);
}
