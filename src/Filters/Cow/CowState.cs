// The states of a block. Not: which block is in which (CowOverlay).

namespace NbdFast.Filters;

/// <summary>Where the bytes of a block are.</summary>
internal enum CowState
{
    /// <summary>Untouched: in the layers below.</summary>
    Below,

    /// <summary>In the overlay's file.</summary>
    Stored,

    /// <summary>Nowhere: the block reads as zeroes.</summary>
    Zeroed,
}
