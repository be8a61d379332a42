// A run of bytes whose blocks are in the same state. Not: where states are kept (CowOverlay).

namespace NbdFast.Filters;

/// <summary>Bytes from an asked position on.</summary>
/// <param name="State">Where they are.</param>
/// <param name="End">The position after the last one.</param>
internal readonly record struct CowRun(CowState State, ulong End);
