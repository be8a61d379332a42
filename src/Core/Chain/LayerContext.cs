// What ties a filter's connection to the open layers below it, so that they can be replaced. Not: the layers themselves.

namespace NbdFast.Chain;

/// <summary>The place of a filter's connection in an open chain.</summary>
public sealed class LayerContext
{
    internal LayerContext()
    {
    }

    internal Errno Reopen(OpenRequest request, out ChainNext next)
    {
        next = default;
        return Errno.ENOTSUP;
    }
}
