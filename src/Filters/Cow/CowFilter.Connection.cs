// A connection to a copy-on-write disk: what its requests do. Not: how blocks get into the overlay (CowFilter.Copying),
// what the overlay knows of its blocks (CowOverlay).

using System;

namespace NbdFast.Filters;

public sealed partial class CowFilter
{
    /// <summary>Serves one client. All clients of an export see the same disk.</summary>
    [HotPath]
    public sealed partial class Connection<TNext>(CowFilter filter) : FilterConnection<TNext>
        where TNext : struct, INext
    {
        private const uint LargestPreferred = 32 << 20;

        private CowOverlay _overlay = null!;   // Prepare makes it, before anything else is called.

        /// <inheritdoc/>
        public override Errno Prepare()
        {
            Errno errno = filter.OpenOverlay(Request.ExportName, in Next.Info, out CowOverlay? overlay);
            if (overlay != null)
                _overlay = overlay;
            return errno;
        }

        /// <inheritdoc/>
        public override Errno Describe(ref ExportInfo info)
        {
            info.BlockMinimum = uint.Max(info.BlockMinimum, 1);
            info.BlockPreferred = uint.Max(info.BlockPreferred, uint.Min(_overlay.BlockSize, LargestPreferred));
            info.BlockMaximum = uint.MaxValue;
            info.CanWrite = true;
            info.CanFlush = true;
            info.CanTrim = true;
            info.CanExtents = true;
            info.Zero = ZeroSupport.Native;
            info.CanFastZero = true;
            info.Fua = FuaSupport.Native;
            info.Cache = CacheSupport.Native;
            info.MultiConn = true;
            return Errno.Ok;
        }

        /// <inheritdoc/>
        public override Errno Read(Span<byte> buffer, ulong offset)
        {
            while (!buffer.IsEmpty)
            {
                CowRun run = _overlay.RunAt(offset, offset + (ulong)buffer.Length);
                Span<byte> part = buffer[..(int)(run.End - offset)];
                Errno errno = ReadRun(run.State, part, offset);
                if (errno != Errno.Ok)
                    return errno;
                buffer = buffer[part.Length..];
                offset = run.End;
            }

            return Errno.Ok;
        }

        /// <inheritdoc/>
        public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags)
        {
            if (_overlay.IsStored(offset, offset + (ulong)data.Length))
                return _overlay.Write(data, offset);
            while (!data.IsEmpty)
            {
                ulong end = ulong.Min(offset + (ulong)data.Length, _overlay.EndOfGroup(offset));
                ReadOnlySpan<byte> part = data[..(int)(end - offset)];
                Errno errno;
                lock (_overlay.LockOf(offset))
                    errno = WriteUnderLock(part, offset, end);
                if (errno != Errno.Ok)
                    return errno;
                data = data[part.Length..];
                offset = end;
            }

            return Errno.Ok;
        }

        /// <summary>Nothing to do: the overlay does not outlive the server anyway.</summary>
        public override Errno Flush() => Errno.Ok;

        /// <summary>Gives up whole blocks. Parts of blocks stay as they are.</summary>
        public override Errno Trim(ulong count, ulong offset, RequestFlags flags)
        {
            ulong first = StartOfWhole(offset);
            ulong end = EndOfWhole(offset + count);
            if (first < end)
                _overlay.MarkZeroed(first, end);
            return Errno.Ok;
        }

        /// <inheritdoc/>
        public override Errno Zero(ulong count, ulong offset, RequestFlags flags)
        {
            ulong end = offset + count;
            if ((flags & RequestFlags.MayTrim) == 0)
                return (flags & RequestFlags.FastZero) != 0 ? Errno.ENOTSUP : WriteZeroes(offset, end);

            ulong first = StartOfWhole(offset);
            ulong last = EndOfWhole(end);
            if (first >= last)
                return ZeroPart(offset, end);
            Errno errno = ZeroPart(offset, first);
            if (errno != Errno.Ok)
                return errno;
            _overlay.MarkZeroed(first, last);
            return ZeroPart(last, end);
        }

        /// <inheritdoc/>
        public override Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents)
        {
            ulong end = offset + count;
            while (!extents.IsFull && extents.Reached < end)
            {
                ulong position = extents.Reached;
                CowRun run = _overlay.RunAt(position, end);
                Errno errno = run.State switch
                {
                    CowState.Zeroed => extents.Add(position, run.End - position, ExtentType.HoleZero),
                    CowState.Stored => extents.Add(position, run.End - position, ExtentType.Data),
                    _ => ExtentsBelow(position, run.End, flags, extents),
                };
                if (errno != Errno.Ok)
                    return errno;
            }

            return Errno.Ok;
        }

        /// <inheritdoc/>
        public override Errno Cache(ulong count, ulong offset)
        {
            ulong end = offset + count;
            if (filter.OnCache)
                return Keep(offset, end);
            while (offset < end)
            {
                CowRun run = _overlay.RunAt(offset, end);
                bool isBelow = run.State == CowState.Below && Next.Info.Cache != CacheSupport.None;
                Errno errno = isBelow ? Next.Cache(run.End - offset, offset) : Errno.Ok;
                if (errno != Errno.Ok)
                    return errno;
                offset = run.End;
            }

            return Errno.Ok;
        }

        /// <inheritdoc/>
        public override Loan Lend(uint count, ulong offset, bool wantHoles)
        {
            CowRun run = _overlay.RunAt(offset, offset + count);
            uint length = (uint)(run.End - offset);
            return run.State switch
            {
                CowState.Zeroed => Loan.OfHole(length),
                CowState.Stored => _overlay.Lend(offset, length),
                _ => filter.OnRead.IsActive ? Loan.None : Next.Lend(length, offset, wantHoles),
            };
        }

        private Errno ExtentsBelow(ulong offset, ulong end, RequestFlags flags, ExtentList extents)
        {
            Errno errno;
            using (extents.Part(end))
                errno = Next.Extents(end - offset, offset, flags, extents);
            bool isSilent = errno == Errno.Ok && !extents.IsFull && extents.Reached == offset;
            return isSilent ? Log.Error(Errno.EIO, $"cow: the layer below reported no extents") : errno;
        }
    }
}
