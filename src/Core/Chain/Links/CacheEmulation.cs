// Cache requests by reading (NBDKIT_CACHE_EMULATE in nbdkit-plugin(3)). Not: a layer's own Cache.

using System;
using System.Buffers;
using System.Threading.Tasks;

namespace NbdFast.Chain.Links;

/// <summary>Reads the range by the layer's Read and drops what was read.</summary>
internal sealed class CacheEmulation(ChainNext layer) : Link
{
    /// <summary>The largest single read.</summary>
    public const uint PieceBytes = 256 * 1024;

    /// <inheritdoc/>
    [HotPath]
    public override Errno Cache(ulong count, ulong offset)
    {
        uint limit = Pieces.Limit(in layer.Info, PieceBytes);

        // Not a buffer for all threads: a layer may keep what it just read into it.
        byte[] scratch = ArrayPool<byte>.Shared.Rent((int)limit);
        Errno errno = Errno.Ok;
        while (count > 0 && errno == Errno.Ok)
        {
            uint piece = Pieces.Next(count, offset, limit);
            errno = layer.Read(scratch.AsSpan(0, (int)piece), offset);
            offset += piece;
            count -= piece;
        }

        ArrayPool<byte>.Shared.Return(scratch);
        return errno;
    }

    /// <inheritdoc/>
    public override async ValueTask<Errno> CacheAsync(ulong count, ulong offset)
    {
        uint limit = Pieces.Limit(in layer.Info, PieceBytes);
        byte[] scratch = ArrayPool<byte>.Shared.Rent((int)limit);
        Errno errno = Errno.Ok;
        while (count > 0 && errno == Errno.Ok)
        {
            uint piece = Pieces.Next(count, offset, limit);
            errno = await layer.ReadAsync(scratch.AsMemory(0, (int)piece), offset).ConfigureAwait(false);
            offset += piece;
            count -= piece;
        }

        ArrayPool<byte>.Shared.Return(scratch);
        return errno;
    }
}
