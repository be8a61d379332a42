// What the nozero filter does about fast zero requests. Not: about zero requests in general (ZeroMode).

namespace NbdFast.Filters;

/// <summary>The values of <c>fast-zero-mode</c>.</summary>
public enum FastZeroMode
{
    /// <summary>With emulation as <see cref="Slow"/>; else as the layer below has it.</summary>
    Default = 0,

    /// <summary>Not advertised.</summary>
    None,

    /// <summary>Advertised, and refused at once with <see cref="Errno.ENOTSUP"/>.</summary>
    Slow,

    /// <summary>Advertised, and served as a zero request that need not be fast. Against the protocol's
    /// intent.</summary>
    Ignore,
}
