// What may be done with mapped memory; the values of mmap(2). Not: how it was mapped (Mapping).

using System;

namespace NbdFast.Native;

/// <summary>Protection of mapped memory.</summary>
[Flags]
internal enum MemoryProtection
{
    /// <summary>PROT_NONE: address space only.</summary>
    None = 0,

    /// <summary>PROT_READ.</summary>
    Read = 1,

    /// <summary>PROT_WRITE.</summary>
    Write = 2,
}
