// A filter that overrides some operations.

using System;
using NbdFast;
using NbdFast.Values;

namespace Sample.Shift;

[NbdFilter("shift", "sample shift filter")]
public sealed partial class ShiftFilter : Filter
{
    [NbdParameter("shift", Help = "Where the disk starts.")]
    public DiskSize Shift { get; private set; }

    public sealed class Connection<TNext>(ShiftFilter filter) : FilterConnection<TNext>
        where TNext : struct, INext
    {
        private readonly ulong _shift = filter.Shift;

        public override Errno Read(Span<byte> buffer, ulong offset) => Next.Read(buffer, offset + _shift);

        public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags) =>
            Next.Write(data, offset + _shift, flags);

        public override Loan Lend(uint count, ulong offset, bool wantHoles) =>
            Next.Lend(count, offset + _shift, wantHoles);
    }
}
