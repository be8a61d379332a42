// How a connection to a copy-on-write disk gets blocks into the overlay. Not: the requests that ask for it
// (CowFilter.Connection).

using System;
using System.Buffers;

namespace NbdFast.Filters;

public sealed partial class CowFilter
{
    public sealed partial class Connection<TNext>
    {
        private const uint CopyBytes = 256 << 10;

        private Errno ReadRun(CowState state, Span<byte> buffer, ulong offset)
        {
            if (state == CowState.Stored)
                return _overlay.Read(buffer, offset);
            if (state == CowState.Zeroed)
            {
                buffer.Clear();
                return Errno.Ok;
            }

            // If it cannot be kept, as on a full disk, it can be read all the same.
            bool isKept = filter.OnRead.IsActive && Keep(offset, offset + (ulong)buffer.Length) == Errno.Ok;
            return isKept ? Read(buffer, offset) : ReadBelow(buffer, offset);
        }

        // In requests that are no larger than the layer below takes.
        private Errno ReadBelow(Span<byte> buffer, ulong offset)
        {
            uint limit = Next.Info.BlockMaximum == 0 ? int.MaxValue : uint.Min(Next.Info.BlockMaximum, int.MaxValue);
            while (buffer.Length > limit)
            {
                Errno errno = Next.Read(buffer[..(int)limit], offset);
                if (errno != Errno.Ok)
                    return errno;
                buffer = buffer[(int)limit..];
                offset += limit;
            }

            return Next.Read(buffer, offset);
        }

        // Blocks that are covered only in part are filled up first; then all count as stored at once.
        private Errno WriteUnderLock(ReadOnlySpan<byte> data, ulong offset, ulong end)
        {
            Errno errno = Fill(StartOfBlock(offset), offset);
            if (errno == Errno.Ok)
                errno = Fill(end, EndOfBlock(end - 1));
            if (errno == Errno.Ok)
                errno = _overlay.Write(data, offset);
            if (errno == Errno.Ok)
                _overlay.MarkStored(offset, end);
            return errno;
        }

        // Writes to the file what a part of one block holds now, unless it is there already. Under the block's lock.
        private Errno Fill(ulong offset, ulong end)
        {
            if (offset == end)
                return Errno.Ok;
            CowState state = _overlay.RunAt(offset, end).State;
            return state == CowState.Stored ? Errno.Ok : Copy(state, offset, end);
        }

        private Errno Copy(CowState state, ulong offset, ulong end)
        {
            if (_overlay.Swap is { } swap)
            {
                lock (swap.Copying)
                    return Copy(state, offset, end, swap.Scratch);
            }

            byte[] scratch = ArrayPool<byte>.Shared.Rent((int)ulong.Min(CopyBytes, end - offset));
            Errno errno = Copy(state, offset, end, scratch);
            ArrayPool<byte>.Shared.Return(scratch);
            return errno;
        }

        private Errno Copy(CowState state, ulong offset, ulong end, Span<byte> scratch)
        {
            Errno errno = Errno.Ok;
            while (offset < end && errno == Errno.Ok)
            {
                Span<byte> part = scratch[..(int)ulong.Min((ulong)scratch.Length, end - offset)];
                if (state == CowState.Zeroed)
                    part.Clear();
                else
                    errno = ReadBelow(part, offset);
                if (errno == Errno.Ok)
                    errno = _overlay.Write(part, offset);
                offset += (ulong)part.Length;
            }

            return errno;
        }

        // Copies whatever is still below of the blocks that a range touches.
        private Errno Keep(ulong offset, ulong end)
        {
            offset = StartOfBlock(offset);
            end = EndOfBlock(end - 1);
            Errno errno = Errno.Ok;
            while (offset < end && errno == Errno.Ok)
            {
                CowRun run = _overlay.RunAt(offset, ulong.Min(end, _overlay.EndOfGroup(offset)));
                if (run.State == CowState.Below)
                {
                    lock (_overlay.LockOf(offset))
                        errno = KeepUnderLock(offset, run.End);
                }

                offset = run.End;
            }

            return errno;
        }

        // Somebody may have been faster: what is not below any more is left alone.
        private Errno KeepUnderLock(ulong offset, ulong end)
        {
            while (offset < end)
            {
                CowRun run = _overlay.RunAt(offset, end);
                if (run.State == CowState.Below)
                {
                    Errno errno = Copy(CowState.Below, offset, run.End);
                    if (errno != Errno.Ok)
                        return errno;
                    _overlay.MarkStored(offset, run.End);
                }

                offset = run.End;
            }

            return Errno.Ok;
        }

        // For parts of blocks; one that is zeroed already need not come into the file for this.
        private Errno ZeroPart(ulong offset, ulong end) =>
            offset == end || _overlay.RunAt(offset, end) == new CowRun(CowState.Zeroed, end)
                ? Errno.Ok
                : WriteZeroes(offset, end);

        private Errno WriteZeroes(ulong offset, ulong end)
        {
            while (offset < end)
            {
                ulong stop = ulong.Min(end, EndOfBlock(offset));
                stop = ulong.Min(stop, offset + (ulong)Zeroes.Length);
                Errno errno = Write(Zeroes.Span[..(int)(stop - offset)], offset, RequestFlags.None);
                if (errno != Errno.Ok)
                    return errno;
                offset = stop;
            }

            return Errno.Ok;
        }

        private ulong StartOfBlock(ulong offset) => offset & ~((ulong)_overlay.BlockSize - 1);

        private ulong EndOfBlock(ulong offset) => ulong.Min(_overlay.Size, StartOfBlock(offset) + _overlay.BlockSize);

        // The first whole block in a range that starts at `offset`.
        private ulong StartOfWhole(ulong offset) =>
            StartOfBlock(offset) == offset ? offset : StartOfBlock(offset) + _overlay.BlockSize;

        // The end of the last whole block in a range that ends at `end`; the short one at the export's end is whole.
        private ulong EndOfWhole(ulong end) => end == _overlay.Size ? end : StartOfBlock(end);
    }
}
