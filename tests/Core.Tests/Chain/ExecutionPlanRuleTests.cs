// Which plan follows from latencies, thread models and async twins. Not: how the server runs it.

using NbdFast.Chain;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Chain;

public sealed class ExecutionPlanRuleTests
{
    private const Operations Transfers = Operations.Read | Operations.Write;

    [Theory]
    [InlineData(Latency.Memory, Latency.Inherited, ExecutionPlan.Inline)]
    [InlineData(Latency.Memory, Latency.Memory, ExecutionPlan.Inline)]
    [InlineData(Latency.Memory, Latency.MayBlock, ExecutionPlan.Lazy)]
    [InlineData(Latency.Memory, Latency.Blocking, ExecutionPlan.Workers)]
    [InlineData(Latency.Inherited, Latency.Inherited, ExecutionPlan.Lazy)]
    [InlineData(Latency.MayBlock, Latency.Memory, ExecutionPlan.Lazy)]
    [InlineData(Latency.Blocking, Latency.Inherited, ExecutionPlan.Workers)]
    public void A_chain_runs_inline_if_no_layer_waits(Latency plugin, Latency filter, ExecutionPlan plan)
    {
        using var chain = Open(plugin, filter, ThreadModel.Parallel);
        Assert.Equal(plan, chain.Plan);
    }

    [Theory]
    [InlineData(ThreadModel.SerializeConnections)]
    [InlineData(ThreadModel.SerializeAllRequests)]
    [InlineData(ThreadModel.SerializeRequests)]
    public void A_chain_that_serves_one_request_at_a_time_runs_inline(ThreadModel model)
    {
        using var chain = Open(Latency.Blocking, Latency.Inherited, model);
        Assert.Equal(ExecutionPlan.Inline, chain.Plan);
    }

    [Theory]
    [InlineData(Transfers, Operations.Flush, Operations.None, ExecutionPlan.Async)]
    [InlineData(Transfers, Transfers, Transfers, ExecutionPlan.Async)]
    [InlineData(Transfers, Operations.Read, Operations.None, ExecutionPlan.Workers)]
    [InlineData(Operations.Read, Operations.None, Operations.None, ExecutionPlan.Workers)]
    public void A_chain_is_async_if_all_that_reads_and_writes_is(
        Operations pluginAsync, Operations filter, Operations filterAsync, ExecutionPlan plan)
    {
        var plugin = new UnitTable
        {
            Name = "p",
            LongName = "",
            Operations = Operations.All,
            AsyncOperations = pluginAsync,
            Latency = Latency.Blocking,
        };
        var above = new UnitTable { Name = "f", LongName = "", Operations = filter, AsyncOperations = filterAsync };
        using var chain = ChainHarness.Open(
            new FakePlugin { TableOverride = plugin }, [new FakeFilter("f") { TableOverride = above }]);
        Assert.Equal(plan, chain.Plan);
    }

    private static ChainHarness Open(Latency plugin, Latency filter, ThreadModel model)
    {
        var below = new UnitTable
        {
            Name = "p",
            LongName = "",
            Operations = Operations.All,
            Latency = plugin,
            ThreadModel = model,
        };
        var above = new UnitTable { Name = "f", LongName = "", Latency = filter };
        return ChainHarness.Open(
            new FakePlugin { TableOverride = below }, [new FakeFilter("f") { TableOverride = above }]);
    }
}
