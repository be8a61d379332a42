// How long a cell is measured. Not: how often (BenchOptions).

namespace NbdFast.Bench.EndToEnd.Rows;

/// <summary>Times of a cell.</summary>
/// <param name="WarmUpSeconds">Before the window.</param>
/// <param name="WindowSeconds">The window.</param>
/// <param name="Verify">Check all data, at the cost of speed.</param>
internal sealed record Timing(double WarmUpSeconds, double WindowSeconds, bool Verify);
