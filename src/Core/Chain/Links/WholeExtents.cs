// Extents of a layer that knows nothing of holes (.can_extents in nbdkit-plugin(3)). Not: a layer's own Extents.

namespace NbdFast.Chain.Links;

/// <summary>Says that all of the disk is allocated.</summary>
internal sealed class WholeExtents : Link
{
    /// <inheritdoc/>
    [HotPath]
    public override Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents) =>
        extents.Add(offset, count, ExtentType.Data);
}
