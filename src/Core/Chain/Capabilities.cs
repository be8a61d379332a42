// What an export can do as far as the overrides of its plugin tell. Not: what the plugin says itself (Link.Describe).

namespace NbdFast.Chain;

/// <summary>nbdkit's defaults of the <c>.can_*</c> callbacks in nbdkit-plugin(3).</summary>
internal static class Capabilities
{
    /// <summary>The description that a plugin starts from.</summary>
    public static ExportInfo Of(Operations overridden) => new()
    {
        CanWrite = Has(overridden, Operations.Write),
        CanFlush = Has(overridden, Operations.Flush),
        CanTrim = Has(overridden, Operations.Trim),
        CanExtents = Has(overridden, Operations.Extents),
        Zero = Has(overridden, Operations.Zero) ? ZeroSupport.Native : ZeroSupport.Emulate,
        Fua = Has(overridden, Operations.Flush) ? FuaSupport.Emulate : FuaSupport.None,
        Cache = Has(overridden, Operations.Cache) ? CacheSupport.Native : CacheSupport.None,
    };

    private static bool Has(Operations set, Operations one) => (set & one) != 0;
}
