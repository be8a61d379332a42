// What a row must reach. Not: whether it did (Report/GoalTable).

namespace NbdFast.Bench.EndToEnd.Rows;

/// <summary>A bound for the ratio of nbdfast's figure to that of nbdkit, if not to another one.</summary>
/// <param name="Metric">The figure.</param>
/// <param name="AtLeast">The ratio must be at least the bound, else at most.</param>
/// <param name="Bound">The bound.</param>
/// <param name="BaseRow">The row that nbdfast's own figure is divided by instead of nbdkit's, or null.</param>
/// <param name="IsAbsolute">The bound is for the figure itself.</param>
internal sealed record Goal(
    Metric Metric, bool AtLeast, double Bound, string? BaseRow = null, bool IsAbsolute = false)
{
    /// <summary>So many times the requests, and at most so much of the processor time for each.</summary>
    public static Goal[] Of(double requests, double? cpu = null) => cpu is { } bound
        ? [new Goal(Metric.Requests, true, requests), new Goal(Metric.ServerPerRequest, false, bound)]
        : [new Goal(Metric.Requests, true, requests)];

    /// <summary>Whether a ratio is good enough. NaN never is.</summary>
    public bool IsMetBy(double ratio) => AtLeast ? ratio >= Bound : ratio <= Bound;
}
