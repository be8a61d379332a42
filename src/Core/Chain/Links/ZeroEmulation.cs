// Zero requests by writing zeroes (NBDKIT_ZERO_EMULATE in nbdkit-filter(3)). Not: a plugin's own Zero (ZeroFallback).

using System;
using System.Threading.Tasks;

namespace NbdFast.Chain.Links;

/// <summary>Serves zero requests by the layer's Write. No faster than a write, so a fast zero is refused.</summary>
internal sealed class ZeroEmulation(ChainNext layer) : Link
{
    /// <summary>The largest single write.</summary>
    public const uint PieceBytes = 1 << 20;

    /// <inheritdoc/>
    [HotPath]
    public override Errno Zero(ulong count, ulong offset, RequestFlags flags) =>
        (flags & RequestFlags.FastZero) != 0 ? Errno.ENOTSUP : WriteZeroes(in layer, count, offset, flags);

    /// <inheritdoc/>
    public override ValueTask<Errno> ZeroAsync(ulong count, ulong offset, RequestFlags flags) =>
        (flags & RequestFlags.FastZero) != 0
            ? new ValueTask<Errno>(Errno.ENOTSUP)
            : WriteZeroesAsync(layer, count, offset, flags);

    /// <summary>Writes zeroes piece by piece.</summary>
    [HotPath]
    internal static Errno WriteZeroes(in ChainNext target, ulong count, ulong offset, RequestFlags flags)
    {
        uint limit = Pieces.Limit(in target.Info, PieceBytes);
        while (count > 0)
        {
            uint piece = Pieces.Next(count, offset, limit);
            RequestFlags fua = FuaOf(in target.Info, flags, isLast: piece == count);
            Errno errno = target.Write(Zeroes.Bytes.AsSpan(0, (int)piece), offset, fua);
            if (errno != Errno.Ok)
                return errno;
            offset += piece;
            count -= piece;
        }

        return Errno.Ok;
    }

    /// <summary>The async twin of <see cref="WriteZeroes"/>.</summary>
    internal static async ValueTask<Errno> WriteZeroesAsync(
        ChainNext target, ulong count, ulong offset, RequestFlags flags)
    {
        uint limit = Pieces.Limit(in target.Info, PieceBytes);
        while (count > 0)
        {
            uint piece = Pieces.Next(count, offset, limit);
            RequestFlags fua = FuaOf(in target.Info, flags, isLast: piece == count);
            Errno errno = await target.WriteAsync(Zeroes.Bytes.AsMemory(0, (int)piece), offset, fua)
                .ConfigureAwait(false);
            if (errno != Errno.Ok)
                return errno;
            offset += piece;
            count -= piece;
        }

        return Errno.Ok;
    }

    // Where FUA is a flush, one after the last piece does for all of them (.can_fua in nbdkit-filter(3)).
    private static RequestFlags FuaOf(in ExportInfo info, RequestFlags flags, bool isLast) =>
        info.Fua == FuaSupport.Native || isLast ? flags & RequestFlags.Fua : RequestFlags.None;

    // Made when the first zero request is emulated, and not part of the program's image.
    private static class Zeroes
    {
        public static readonly byte[] Bytes = GC.AllocateArray<byte>((int)PieceBytes);
    }
}
