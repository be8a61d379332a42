// Chains of units against arrays of bytes. NBDFAST_SEED repeats a failure. Not: single units, which have tests of their
// own.

using System;
using System.Linq;
using System.Threading.Tasks;
using NbdFast.Filters;
using NbdFast.Testing;
using Xunit.Sdk;

namespace NbdFast.Property;

public sealed class ChainModelTests : IDisposable
{
    private const int Chains = 40;
    private const int Steps = 250;
    private const int Threads = 4;

    private readonly TempFolder _folder = new();
    private readonly Seed _seed = new();

    public static TheoryData<string> Plugins => PluginCases.Names;

    [Theory]
    [MemberData(nameof(Plugins))]
    public Task Random_operations_read_back_as_they_were_written(string plugin) =>
        OnChains(plugin, async (chain, random) =>
        {
            var model = new DiskModel(0, chain.ReadBytes(0, (int)chain.Info.Size));
            var operations = new RandomOperations(chain.Next, model, random);
            for (int i = 0; i < Steps; i++)
                await operations.StepAsync();
            await operations.ReadAllAsync();

            // What one client wrote and closed is there for the next one.
            chain.First.Dispose();
            Assert.Equal(Errno.Ok, chain.Connect(out Chain.OpenedLayers? again));
            await new RandomOperations(again!.Next, model, random).ReadAllAsync();
        });

    [Theory]
    [MemberData(nameof(Plugins))]
    public Task Threads_on_ranges_of_their_own_do_not_disturb_each_other(string plugin) =>
        OnChains(plugin, (chain, random) =>
        {
            byte[] content = chain.ReadBytes(0, (int)chain.Info.Size);
            int part = content.Length / Threads;
            return Task.WhenAll(Enumerable.Range(0, Threads).Select(i =>
            {
                var model = new DiskModel((ulong)(i * part), content[(i * part)..((i + 1) * part)]);
                var operations = new RandomOperations(chain.Next, model, new Random(random.Next()));
                return Task.Run(() => Repeat(operations));
            }));
        });

    [Fact]
    public void Every_filter_takes_part_or_there_is_a_reason() =>
        Assert.All(
            FilterRegistry.Names,
            name => Assert.True(FilterCases.Has(name) || FilterCases.Exempt.ContainsKey(name), $"{name} is left out"));

    public void Dispose() => _folder.Dispose();

    private static async Task Repeat(RandomOperations operations)
    {
        for (int i = 0; i < Steps / Threads; i++)
            await operations.StepAsync();
        await operations.ReadAllAsync();
    }

    private async Task OnChains(string plugin, Func<ChainHarness, Random, Task> test)
    {
        for (int i = 0; i < Chains; i++)
        {
            // Each chain has a number of its own, so that a change to one does not change those after it.
            var random = new Random(unchecked((_seed.Value * Chains) + i));
            using RandomChain chain = RandomChain.Open(plugin, random, _folder);
            try
            {
                await test(chain.Harness, random);
            }
            catch (Exception e) when (e is Mismatch or InvalidOperationException or XunitException)
            {
                throw new XunitException($"{_seed}, chain {i}: {chain.Text}: {e.Message}", e);
            }
        }
    }
}
