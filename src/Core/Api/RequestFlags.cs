// The flags that may come with an operation. Not: the flag bits on the wire (Protocol/NbdConstants).

using System;

namespace NbdFast;

/// <summary>Flags of <see cref="Link.Write"/>, <see cref="Link.Trim"/>, <see cref="Link.Zero"/> and
/// <see cref="Link.Extents"/>; see "Flags" in nbdkit-plugin(3).</summary>
[Flags]
public enum RequestFlags
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>Zero: a hole may be punched instead of writing zeroes, provided that it reads back as zeroes. Always
    /// allowed to be ignored.</summary>
    MayTrim = 1,

    /// <summary>Write, trim, zero: do not answer before the result is on stable storage (Forced Unit Access). Reaches a
    /// plugin only if its <see cref="ExportInfo.Fua"/> is <see cref="FuaSupport.Native"/>.</summary>
    Fua = 2,

    /// <summary>Extents: the first extent is enough (<c>NBD_CMD_FLAG_REQ_ONE</c>).</summary>
    ReqOne = 4,

    /// <summary>Zero: fail at once with <see cref="Errno.ENOTSUP"/> if this is no faster than a write. Comes only if
    /// <see cref="ExportInfo.CanFastZero"/> is set.</summary>
    FastZero = 8,
}
