// The set of operations that a unit's class overrides; the generator fills it in. Not: capabilities shown to a client
// (ExportInfo), which start from this set.

using System;

namespace NbdFast;

/// <summary>The operations that a link overrides, found at compile time.</summary>
[Flags]
public enum Operations
{
    /// <summary>Nothing is overridden.</summary>
    None = 0,

    /// <summary><see cref="Link.Read"/> or its async twin.</summary>
    Read = 1 << 0,

    /// <summary><see cref="Link.Write"/> or its async twin.</summary>
    Write = 1 << 1,

    /// <summary><see cref="Link.Flush"/> or its async twin.</summary>
    Flush = 1 << 2,

    /// <summary><see cref="Link.Trim"/> or its async twin.</summary>
    Trim = 1 << 3,

    /// <summary><see cref="Link.Zero"/> or its async twin.</summary>
    Zero = 1 << 4,

    /// <summary><see cref="Link.Extents"/> or its async twin.</summary>
    Extents = 1 << 5,

    /// <summary><see cref="Link.Cache"/> or its async twin.</summary>
    Cache = 1 << 6,

    /// <summary><see cref="Link.Lend"/>.</summary>
    Lend = 1 << 7,

    /// <summary><see cref="Link.LendForWrite"/> and <see cref="Link.Written"/>.</summary>
    LendForWrite = 1 << 8,

    /// <summary>The seven operations that carry requests.</summary>
    All = Read | Write | Flush | Trim | Zero | Extents | Cache,
}
