// Which plan a chain gets. Not: how the server follows it.

using System.Linq;

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
        return chain.Layers.All(HasAsyncTransfers) ? ExecutionPlan.Async : ExecutionPlan.Workers;
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
        return worst;
    }

    // A layer that overrides neither read nor write does not stand in their way.
    private static bool HasAsyncTransfers(IUnit unit)
    {
        Operations overridden = unit.Table.Operations & Transfers;
        return (unit.Table.AsyncOperations & overridden) == overridden;
    }
}
