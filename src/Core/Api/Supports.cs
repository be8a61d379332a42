// The three-valued capabilities of an export. Not: the yes-or-no ones (fields of ExportInfo).

namespace NbdFast;

/// <summary>How zero requests are served; see <c>.can_zero</c> in nbdkit-filter(3).</summary>
public enum ZeroSupport
{
    /// <summary>Not advertised, refused.</summary>
    None = 0,

    /// <summary>By writing zeroes.</summary>
    Emulate = 1,

    /// <summary>By the layer's own Zero; where that says <see cref="Errno.ENOTSUP"/>, by writing zeroes.</summary>
    Native = 2,
}

/// <summary>How Forced Unit Access is served; see <c>.can_fua</c> in nbdkit-plugin(3).</summary>
public enum FuaSupport
{
    /// <summary>Not advertised, refused.</summary>
    None = 0,

    /// <summary>By a flush after the write.</summary>
    Emulate = 1,

    /// <summary>The layer is given <see cref="RequestFlags.Fua"/> and heeds it.</summary>
    Native = 2,
}

/// <summary>How cache requests are served; see <c>.can_cache</c> in nbdkit-plugin(3).</summary>
public enum CacheSupport
{
    /// <summary>Not advertised, refused.</summary>
    None = 0,

    /// <summary>By reading the range and dropping what was read.</summary>
    Emulate = 1,

    /// <summary>By the layer's own Cache; without one a cache request succeeds and does nothing.</summary>
    Native = 2,
}
