// What stands below a filter that did not open the layers below. Not: a plugin's missing operation
// (Links/AbsentOperation).

using NbdFast.Chain.Links;

namespace NbdFast.Chain;

/// <summary>Layers that are not there.</summary>
internal static class NothingBelow
{
    /// <summary>A disk of no bytes that can do nothing; calls get <see cref="Errno.EIO"/>.</summary>
    public static ChainNext Chain { get; } = ChainNext.Of(new ClosedLayer(), new LayerInfo());
}
