// The noextents filter: hides extents. Not: a change of what is allocated.

namespace NbdFast.Filters;

/// <summary>Makes the whole disk look allocated (nbdkit-noextents-filter(1)).</summary>
[NbdFilter("noextents", "nbdkit noextents filter")]
public sealed partial class NoextentsFilter : Filter
{
    /// <inheritdoc/>
    public override string? SwapObjection => null;

    /// <summary>Says that extents are not known; the server then answers for the whole disk.</summary>
    public sealed class Connection<TNext> : FilterConnection<TNext>
        where TNext : struct, INext
    {
        /// <summary>Made by generated code; the filter has no parameters that matter here.</summary>
        public Connection(NoextentsFilter filter) => _ = filter;

        /// <inheritdoc/>
        public override Errno Describe(ref ExportInfo info)
        {
            info.CanExtents = false;
            return Errno.Ok;
        }
    }
}
