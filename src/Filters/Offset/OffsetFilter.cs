// The offset filter: a window of the disk underneath. Not: a change of its size beyond the end (truncate).

using System;
using NbdFast.Storage;
using NbdFast.Values;

namespace NbdFast.Filters;

/// <summary>Serves the bytes from <c>offset</c> on, <c>range</c> of them or all that follow
/// (nbdkit-offset-filter(1)).</summary>
[NbdFilter("offset", "nbdkit offset filter")]
public sealed partial class OffsetFilter : Filter
{
    /// <summary>The position of the first byte that is served. Default: 0.</summary>
    [NbdParameter("offset", Help = "The start offset to serve (default 0).")]
    public DiskSize Offset { get; private set; }

    /// <summary>How many bytes are served. Default: all up to the end.</summary>
    [NbdParameter("range", ValueName = "LENGTH", Help = "The total size to serve (default rest of file).")]
    public DiskSize? Range { get; private set; }

    /// <inheritdoc/>
    public override string? SwapObjection => Offset % DirectAccess.AlignedBytes == 0
        ? null
        : $"pages of swap do not lie on pages below: use a multiple of {DirectAccess.AlignedBytes} as offset";

    /// <summary>Adds the start to each position.</summary>
    [HotPath]
    public sealed class Connection<TNext>(OffsetFilter filter) : FilterConnection<TNext>
        where TNext : struct, INext
    {
        private readonly ulong _start = filter.Offset;
        private ulong _size;

        /// <inheritdoc/>
        public override Errno Describe(ref ExportInfo info)
        {
            if (_start > info.Size)
            {
                return Log.Error(
                    Errno.EINVAL,
                    $"offset ({_start}) is larger than the real size ({info.Size}) of the underlying file or device");
            }

            if (filter.Range is { } range && range > info.Size - _start)
            {
                return Log.Error(
                    Errno.EINVAL,
                    $"offset+range ({_start}+{range}) is larger than the real size ({info.Size})" +
                    $" of the underlying file or device");
            }

            _size = filter.Range ?? info.Size - _start;
            info.Size = _size;
            return Errno.Ok;
        }

        /// <inheritdoc/>
        public override Errno Read(Span<byte> buffer, ulong offset) => Next.Read(buffer, offset + _start);

        /// <inheritdoc/>
        public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags) =>
            Next.Write(data, offset + _start, flags);

        /// <inheritdoc/>
        public override Errno Trim(ulong count, ulong offset, RequestFlags flags) =>
            Next.Trim(count, offset + _start, flags);

        /// <inheritdoc/>
        public override Errno Zero(ulong count, ulong offset, RequestFlags flags) =>
            Next.Zero(count, offset + _start, flags);

        /// <inheritdoc/>
        public override Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents)
        {
            // What follows our end is cut off: the layer below may report more than it was asked for.
            using (extents.Shift(_start, _size))
                return Next.Extents(count, offset + _start, flags, extents);
        }

        /// <inheritdoc/>
        public override Errno Cache(ulong count, ulong offset) => Next.Cache(count, offset + _start);

        /// <inheritdoc/>
        public override Loan Lend(uint count, ulong offset, bool wantHoles) =>
            Next.Lend(count, offset + _start, wantHoles);

        /// <inheritdoc/>
        public override Loan LendForWrite(uint count, ulong offset) => Next.LendForWrite(count, offset + _start);

        /// <inheritdoc/>
        public override void Written(uint count, ulong offset) => Next.Written(count, offset + _start);
    }
}
