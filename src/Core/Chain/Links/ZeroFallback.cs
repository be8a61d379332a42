// A plugin's Zero, with writes for what it declines (NBDKIT_ZERO_NATIVE in nbdkit-filter(3)). Not: plugins without Zero
// (ZeroEmulation).

using System.Threading.Tasks;

namespace NbdFast.Chain.Links;

/// <summary>Asks the plugin first. If it answers ENOTSUP, zeroes are written, unless the client wants to know that it
/// is slow.</summary>
internal sealed class ZeroFallback(ChainNext plugin) : Link
{
    /// <inheritdoc/>
    [HotPath]
    public override Errno Zero(ulong count, ulong offset, RequestFlags flags)
    {
        Errno errno = plugin.Zero(count, offset, flags);
        return errno == Errno.ENOTSUP && (flags & RequestFlags.FastZero) == 0
            ? ZeroEmulation.WriteZeroes(in plugin, count, offset, flags)
            : errno;
    }

    /// <inheritdoc/>
    public override async ValueTask<Errno> ZeroAsync(ulong count, ulong offset, RequestFlags flags)
    {
        Errno errno = await plugin.ZeroAsync(count, offset, flags).ConfigureAwait(false);
        return errno == Errno.ENOTSUP && (flags & RequestFlags.FastZero) == 0
            ? await ZeroEmulation.WriteZeroesAsync(plugin, count, offset, flags).ConfigureAwait(false)
            : errno;
    }
}
