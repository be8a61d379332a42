// What the nozero filter does about zero requests. Not: about fast ones (FastZeroMode).

namespace NbdFast.Filters;

/// <summary>The values of <c>zero-mode</c>.</summary>
public enum ZeroMode
{
    /// <summary>Not advertised: clients write their zeroes.</summary>
    None = 0,

    /// <summary>Served by writing zeroes, whatever the layer below could do.</summary>
    Emulate,

    /// <summary>Passed on, but holes may not be punched.</summary>
    Notrim,

    /// <summary>Passed on unchanged.</summary>
    Plugin,
}
