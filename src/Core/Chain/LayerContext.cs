// What ties a filter's connection to the open layers below it, so that they can be replaced. Not: the layers themselves.

namespace NbdFast.Chain;

/// <summary>The place of a filter's connection in an open chain.</summary>
public sealed class LayerContext
{
    internal LayerContext(OpenRequest request) => Request = request;

    /// <summary>What was asked of the filter: the request as it was before <see cref="Filter.Opening"/> changed it for the
    /// layers below.</summary>
    internal OpenRequest Request { get; }

    internal Errno Reopen(OpenRequest request, out ChainNext next)
    {
        next = default;
        return Errno.ENOTSUP;
    }
}
