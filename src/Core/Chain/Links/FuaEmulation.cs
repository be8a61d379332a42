// Forced Unit Access by a flush (NBDKIT_FUA_EMULATE in nbdkit-plugin(3)). Not: plugins that heed the flag, filters
// (they get the flag and pass it on).

using System;
using System.Threading.Tasks;

namespace NbdFast.Chain.Links;

/// <summary>Takes the FUA flag off a request and flushes after it.</summary>
internal sealed class FuaEmulation(ChainNext plugin) : Link
{
    /// <inheritdoc/>
    [HotPath]
    public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags) =>
        Persist(plugin.Write(data, offset, flags & ~RequestFlags.Fua), flags);

    /// <inheritdoc/>
    [HotPath]
    public override Errno Trim(ulong count, ulong offset, RequestFlags flags) =>
        Persist(plugin.Trim(count, offset, flags & ~RequestFlags.Fua), flags);

    /// <inheritdoc/>
    [HotPath]
    public override Errno Zero(ulong count, ulong offset, RequestFlags flags) =>
        Persist(plugin.Zero(count, offset, flags & ~RequestFlags.Fua), flags);

    /// <inheritdoc/>
    public override ValueTask<Errno> WriteAsync(ReadOnlyMemory<byte> data, ulong offset, RequestFlags flags) =>
        PersistAsync(plugin.WriteAsync(data, offset, flags & ~RequestFlags.Fua), flags);

    /// <inheritdoc/>
    public override ValueTask<Errno> TrimAsync(ulong count, ulong offset, RequestFlags flags) =>
        PersistAsync(plugin.TrimAsync(count, offset, flags & ~RequestFlags.Fua), flags);

    /// <inheritdoc/>
    public override ValueTask<Errno> ZeroAsync(ulong count, ulong offset, RequestFlags flags) =>
        PersistAsync(plugin.ZeroAsync(count, offset, flags & ~RequestFlags.Fua), flags);

    private Errno Persist(Errno done, RequestFlags flags) =>
        done == Errno.Ok && (flags & RequestFlags.Fua) != 0 ? plugin.Flush() : done;

    private ValueTask<Errno> PersistAsync(ValueTask<Errno> operation, RequestFlags flags) =>
        (flags & RequestFlags.Fua) == 0 ? operation : ThenFlushAsync(operation);

    private async ValueTask<Errno> ThenFlushAsync(ValueTask<Errno> operation)
    {
        Errno errno = await operation.ConfigureAwait(false);
        return errno == Errno.Ok ? await plugin.FlushAsync().ConfigureAwait(false) : errno;
    }
}
