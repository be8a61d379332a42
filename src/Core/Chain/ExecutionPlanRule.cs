// Which plan a chain gets. Not: how the server follows it.

using System.Linq;
using NbdFast.Diagnostics;

namespace NbdFast.Chain;

/// <summary>Chooses the <see cref="ExecutionPlan"/>.</summary>
internal static class ExecutionPlanRule
{
    private const Operations Transfers = Operations.Read | Operations.Write;

    /// <summary>The plan of a configured chain.</summary>
    public static ExecutionPlan Of(ChainConfig chain)
    {
        // One request at a time: a second thread would only add a hand-over.
        if (chain.ThreadModel != ThreadModel.Parallel || LatencyOf(chain) == Latency.Memory)
            return ExecutionPlan.Inline;
        if (chain.Layers.All(HasAsyncTransfers))
            return ExecutionPlan.Async;
        return LatencyOf(chain) == Latency.Blocking || chain.Layers.Any(IsAsync)
            ? ExecutionPlan.Workers
            : ExecutionPlan.Lazy;
    }

    /// <summary>The worst latency of the layers; a filter that inherits adds nothing.</summary>
    public static Latency LatencyOf(ChainConfig chain)
    {
        Latency worst = chain.Plugin.EffectiveLatency;
        if (worst == Latency.Inherited)
            worst = Latency.MayBlock;
        foreach (Filter filter in chain.Filters)
            if (filter.EffectiveLatency > worst)
                worst = filter.EffectiveLatency;
        return worst == Latency.Memory && DebugFlags.MayBlock ? Latency.MayBlock : worst;
    }

    // Whoever wrote the async form waits for a network.
    private static bool IsAsync(IUnit unit) => (unit.Table.AsyncOperations & Transfers) != 0;

    // A layer that overrides neither read nor write does not stand in their way.
    private static bool HasAsyncTransfers(IUnit unit)
    {
        Operations overridden = unit.Table.Operations & Transfers;
        return (unit.Table.AsyncOperations & overridden) == overridden;
    }
}
