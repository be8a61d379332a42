// Cuts a range into requests that a layer takes. Not: block sizes of clients (Protocol/RequestRules).

using System;

namespace NbdFast.Chain.Links;

/// <summary>How much of a range one request may carry.</summary>
internal static class Pieces
{
    /// <summary>The largest request: <paramref name="most"/>, or less if the layer says so.</summary>
    public static uint Limit(in ExportInfo info, uint most) =>
        info.BlockMaximum == 0 ? most : Math.Min(most, info.BlockMaximum);

    /// <summary>The next piece of a range; it ends at a multiple of the limit, so that all but the first and last are
    /// aligned.</summary>
    [HotPath]
    public static uint Next(ulong count, ulong offset, uint limit) =>
        (uint)Math.Min(count, limit - offset % limit);
}
