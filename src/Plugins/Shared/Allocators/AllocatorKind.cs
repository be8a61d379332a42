// The ways in which a disk in memory can be kept. Not: their parameters (Allocator).

namespace NbdFast.Plugins.Shared.Allocators;

/// <summary>How the bytes of a disk in memory are kept.</summary>
public enum AllocatorKind
{
    /// <summary>Memory is taken as the disk is written.</summary>
    Sparse,

    /// <summary>All memory is taken at once.</summary>
    Malloc,

    /// <summary>As the first, and compressed.</summary>
    Zstd,
}
