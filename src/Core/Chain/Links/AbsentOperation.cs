// Stands at the bottom of a chain for the operations that the plugin does not override. Not: layers that are not open
// (ClosedLayer), emulation.

using System;

namespace NbdFast.Chain.Links;

/// <summary>Refuses; but a cache request that was declared native has nothing to do, and succeeds (<c>.can_cache</c> in
/// nbdkit-plugin(3)).</summary>
internal sealed class AbsentOperation(LayerInfo info) : Link
{
    public override Errno Read(Span<byte> buffer, ulong offset) => Errno.EIO;

    public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags) => Errno.EPERM;

    public override Errno Flush() => Errno.EINVAL;

    public override Errno Trim(ulong count, ulong offset, RequestFlags flags) => Errno.EINVAL;

    public override Errno Zero(ulong count, ulong offset, RequestFlags flags) => Errno.ENOTSUP;

    public override Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents) => Errno.EINVAL;

    public override Errno Cache(ulong count, ulong offset) =>
        info.Value.Cache == CacheSupport.Native ? Errno.Ok : Errno.EINVAL;
}
