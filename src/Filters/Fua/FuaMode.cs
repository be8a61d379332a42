// The modes of the fua filter. Not: how they work (FuaFilter).

namespace NbdFast.Filters;

/// <summary>What the fua filter does about Forced Unit Access; the values of <c>fua-mode</c>.</summary>
public enum FuaMode
{
    /// <summary>Not advertised.</summary>
    None = 0,

    /// <summary>Advertised; served by a flush after the write, even if the layer below could do better.</summary>
    Emulate,

    /// <summary>Advertised to the layers above as native, whatever the layer below makes of it.</summary>
    Native,

    /// <summary>Every write is made with FUA; flushes do nothing.</summary>
    Force,

    /// <summary>As if the filter were not there.</summary>
    Pass,

    /// <summary>Advertised, but neither FUA nor flush does anything. Unsafe.</summary>
    Discard,
}
