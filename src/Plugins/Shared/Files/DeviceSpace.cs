// Block devices: BLKDISCARD, BLKZEROOUT and punching. Not: regular files (FileSpace).

using System;
using NbdFast.Native;

namespace NbdFast.Plugins.Shared.Files;

/// <summary>The storage of a block device, which the kernel gives back and zeroes in whole logical blocks
/// only.</summary>
internal sealed class DeviceSpace : Space
{
    private const uint UsualBlock = 512;

    private readonly ulong _block;
    private readonly byte[] _zeroes;
    private volatile bool _cannotDiscard;
    private volatile bool _cannotZeroOut;

    public DeviceSpace(int descriptor) : base(descriptor)
    {
        _block = Libc.LogicalBlockSize(descriptor, out uint block) == Errno.Ok && block > 0 ? block : UsualBlock;
        _zeroes = new byte[_block];
    }

    /// <inheritdoc/>
    [HotPath]
    public override Errno Trim(ulong count, ulong offset)
    {
        ulong start = RoundUp(offset);
        ulong end = RoundDown(offset + count);
        if (start >= end || _cannotDiscard)
            return Errno.Ok;
        Errno error;
        do
            error = Libc.Discard(Descriptor, start, end - start);
        while (error == Errno.EINTR);
        _cannotDiscard = IsUnsupported(error);
        return error == Errno.Ok || _cannotDiscard ? Errno.Ok : Failed("BLKDISCARD", error);
    }

    /// <inheritdoc/>
    [HotPath]
    public override Errno Zero(ulong count, ulong offset, RequestFlags flags)
    {
        ulong start = RoundUp(offset);
        ulong end = RoundDown(offset + count);
        if (start >= end)
            return Errno.ENOTSUP;   // Less than a block, or parts of two: writing is the way.
        Errno error = ZeroBlocks(end - start, start, flags);
        if (error == Errno.Ok)
            error = WriteZeroes(start - offset, offset);
        if (error == Errno.Ok)
            error = WriteZeroes(offset + count - end, end);
        return error is Errno.Ok or Errno.ENOTSUP ? error : Failed("zero", error);
    }

    [HotPath]
    private Errno ZeroBlocks(ulong count, ulong offset, RequestFlags flags)
    {
        Errno error = Errno.ENOTSUP;
        if ((flags & RequestFlags.MayTrim) != 0 && CanPunch)
        {
            error = Punch(count, offset);
            Trace("punch hole", count, offset, error);
        }

        // Where the device cannot, this call makes the kernel write zeroes, which is no fast zero.
        if (error == Errno.ENOTSUP && !_cannotZeroOut && (flags & RequestFlags.FastZero) == 0)
        {
            error = ZeroOut(count, offset);
            Trace("BLKZEROOUT", count, offset, error);
        }

        return error;
    }

    [HotPath]
    private Errno ZeroOut(ulong count, ulong offset)
    {
        Errno error;
        do
            error = Libc.ZeroOut(Descriptor, offset, count);
        while (error == Errno.EINTR);
        if (!IsUnsupported(error))
            return error;
        _cannotZeroOut = true;
        return Errno.ENOTSUP;
    }

    // The part of a block at either end.
    [HotPath]
    private Errno WriteZeroes(ulong count, ulong offset)
    {
        while (count > 0)
        {
            nint written = Libc.WriteAt(Descriptor, _zeroes.AsSpan(0, (int)count), offset);
            if (written > 0)
            {
                count -= (ulong)written;
                offset += (ulong)written;
            }
            else if (written != -(nint)Errno.EINTR)
                return written == 0 ? Errno.EIO : (Errno)(-written);
        }

        return Errno.Ok;
    }

    private ulong RoundUp(ulong position) => RoundDown(position + _block - 1);

    private ulong RoundDown(ulong position) => position - (position % _block);
}
