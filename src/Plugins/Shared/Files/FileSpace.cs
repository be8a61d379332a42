// Regular files: fallocate(2). Not: block devices (DeviceSpace).

using NbdFast.Native;

namespace NbdFast.Plugins.Shared.Files;

/// <summary>The storage of a regular file.</summary>
internal sealed class FileSpace(int descriptor) : Space(descriptor)
{
    private volatile bool _cannotZeroRange;
    private volatile bool _cannotAllocate;
    private volatile bool _hasAllocated;

    /// <inheritdoc/>
    [HotPath]
    public override Errno Trim(ulong count, ulong offset)
    {
        if (count == 0 || !CanPunch)
            return Errno.Ok;
        Errno error = Punch(count, offset);
        return error is Errno.Ok or Errno.ENOTSUP ? Errno.Ok : Failed("fallocate", error);
    }

    /// <inheritdoc/>
    /// <remarks>None of the ways writes zeroes, so that a fast zero needs no way of its own.</remarks>
    [HotPath]
    public override Errno Zero(ulong count, ulong offset, RequestFlags flags)
    {
        if (count == 0)
            return Errno.Ok;
        Errno error = Errno.ENOTSUP;
        if ((flags & RequestFlags.MayTrim) != 0 && CanPunch)
        {
            error = Punch(count, offset);
            Trace("punch hole", count, offset, error);
        }

        if (error == Errno.ENOTSUP && !_cannotZeroRange)
        {
            error = ZeroRange(count, offset);
            Trace("zero range", count, offset, error);
        }

        if (error == Errno.ENOTSUP && CanPunch && !_cannotAllocate)
        {
            error = PunchAndAllocate(count, offset);
            Trace("punch hole and allocate", count, offset, error);
        }

        return error is Errno.Ok or Errno.ENOTSUP ? error : Failed("zero", error);
    }

    [HotPath]
    private Errno ZeroRange(ulong count, ulong offset)
    {
        Errno error;
        do
            error = Libc.ZeroAllocated(Descriptor, offset, count);
        while (error == Errno.EINTR);
        if (!IsUnsupported(error))
            return error;
        _cannotZeroRange = true;
        return Errno.ENOTSUP;
    }

    // Until it is known that storage can be had, it is asked for first: that changes no data, so that "not supported"
    // can still be answered.
    [HotPath]
    private Errno PunchAndAllocate(ulong count, ulong offset)
    {
        Errno error = _hasAllocated ? Errno.Ok : Allocate(count, offset);
        if (error == Errno.Ok)
            error = Punch(count, offset);
        return error == Errno.Ok ? Allocate(count, offset) : error;
    }

    [HotPath]
    private Errno Allocate(ulong count, ulong offset)
    {
        Errno error;
        do
            error = Libc.Allocate(Descriptor, offset, count);
        while (error == Errno.EINTR);
        _hasAllocated |= error == Errno.Ok;
        if (!IsUnsupported(error))
            return error;
        _cannotAllocate = true;
        return Errno.ENOTSUP;
    }
}
