// What ties a filter's connection to the open layers below it, so that they can be replaced. Not: the layers
// themselves.

namespace NbdFast.Chain;

/// <summary>The place of a filter's connection in an open chain.</summary>
public sealed class LayerContext
{
    private readonly ChainConfig _chain;
    private readonly int _layer;
    private readonly OpenedLayers _place;

    internal LayerContext(ChainConfig chain, int layer, OpenedLayers place, OpenRequest request)
    {
        _chain = chain;
        _layer = layer;
        _place = place;
        Request = request;
    }

    /// <summary>What was asked of the filter, before it changed anything for the layers below.</summary>
    internal OpenRequest Request { get; }

    /// <summary>Closes the layers below and opens them again.</summary>
    /// <param name="request">What to open.</param>
    /// <param name="next">The new layers; after an error layers that answer each call with one.</param>
    internal Errno Reopen(OpenRequest request, out ChainNext next)
    {
        next = NothingBelow.Chain;

        // Pointers that pass this filter by would go on leading to the old layers.
        Filter filter = _chain.Filters[_layer];
        if ((filter.Table.Operations & Operations.All) != Operations.All)
            return Log.Error(
                Errno.EINVAL, $"{filter.Table.Name}: only a filter that overrides every operation may reopen");

        // An error of the last I/O is nothing to stop at: these layers are being given up.
        _place.Below?.Dispose();
        _place.Below = null;
        Errno errno = ChainOpener.Open(_chain, _layer + 1, request, out OpenedLayers? below);
        if (errno != Errno.Ok)
            return errno;
        _place.Below = below;
        next = below!.Next;
        return Errno.Ok;
    }
}
