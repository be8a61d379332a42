// One request at a time in the whole process (NBDKIT_THREAD_MODEL_SERIALIZE_ALL_REQUESTS). Not: one at a time for each
// connection, which is the server's matter; opening and closing (Turn).

using System;
using System.Threading;

namespace NbdFast.Chain.Links;

/// <summary>Holds the chain's lock during each operation. Lending ends here: what is lent is read without the
/// lock.</summary>
internal sealed class Serialized(ChainNext next, Lock turn) : Link
{
    /// <inheritdoc/>
    [HotPath]
    public override Errno Read(Span<byte> buffer, ulong offset)
    {
        lock (turn)
            return next.Read(buffer, offset);
    }

    /// <inheritdoc/>
    [HotPath]
    public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags)
    {
        lock (turn)
            return next.Write(data, offset, flags);
    }

    /// <inheritdoc/>
    [HotPath]
    public override Errno Flush()
    {
        lock (turn)
            return next.Flush();
    }

    /// <inheritdoc/>
    [HotPath]
    public override Errno Trim(ulong count, ulong offset, RequestFlags flags)
    {
        lock (turn)
            return next.Trim(count, offset, flags);
    }

    /// <inheritdoc/>
    [HotPath]
    public override Errno Zero(ulong count, ulong offset, RequestFlags flags)
    {
        lock (turn)
            return next.Zero(count, offset, flags);
    }

    /// <inheritdoc/>
    [HotPath]
    public override Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents)
    {
        lock (turn)
            return next.Extents(count, offset, flags, extents);
    }

    /// <inheritdoc/>
    [HotPath]
    public override Errno Cache(ulong count, ulong offset)
    {
        lock (turn)
            return next.Cache(count, offset);
    }
}
