// A filter that opens the layers below it again, so that it cannot be fused.

using System;
using NbdFast;

namespace Sample.Again;

[NbdFilter("again", "sample again filter", Latency = Latency.Blocking)]
public sealed partial class AgainFilter : Filter
{
    public override ThreadModel EffectiveThreadModel => ThreadModel.SerializeRequests;

    public sealed class Connection<TNext>(AgainFilter filter) : FilterConnection<TNext>
        where TNext : struct, INext
    {
        public AgainFilter Filter => filter;

        public override Errno Read(Span<byte> buffer, ulong offset)
        {
            Errno errno = Next.Read(buffer, offset);
            return errno == Errno.Ok || Reopen(Request) != Errno.Ok ? errno : Next.Read(buffer, offset);
        }
    }
}
