// Where requests go. Not: sending them.

using System.Collections.Generic;
using System.Linq;
using NbdFast.Bench.EndToEnd.Load;

namespace NbdFast.EndToEnd.Tests;

public sealed class OffsetSequenceTests
{
    private const int Block = 4096;

    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(2, 1, false)]
    [InlineData(3, 2, false)]
    [InlineData(1000, 1, false)]
    [InlineData(1000, 7, false)]
    [InlineData(1024, 4, false)]
    [InlineData(1025, 16, false)]
    [InlineData(1000, 7, true)]
    public void All_connections_together_visit_each_block_once_and_then_the_disk_is_too_small(
        int blocks, int connections, bool sequential)
    {
        // The last piece is less than a block, and nobody's.
        LoadOptions load = new()
        {
            DiskBytes = (blocks * Block) + 512,
            Connections = connections,
            Sequential = sequential,
            Once = true,
        };
        List<ulong> visited = [];
        for (int number = 0; number < connections; number++)
        {
            OffsetSequence offsets = new(load, number);
            for (int i = number; i < blocks; i += connections)
                visited.Add(offsets.Next());
            LoadException error = Assert.Throws<LoadException>(() => offsets.Next());
            Assert.Equal($"the disk of {blocks} blocks is too small: all of them were visited", error.Message);
        }

        Assert.Equal(Enumerable.Range(0, blocks).Select(block => (ulong)(block * Block)), visited.Order());
    }

    [Fact]
    public void Blocks_that_are_visited_once_lie_anywhere_on_the_disk()
    {
        const int Blocks = 1 << 16;
        const int Visits = 4096;
        ulong[] visited = Visit(new LoadOptions { DiskBytes = (long)Blocks * Block, Once = true }, Visits);

        // In each eighth of the disk is an eighth of them: 512, and 21 more or fewer are the standard deviation.
        foreach (int count in visited.CountBy(place => place * 8 / Blocks).Select(eighth => eighth.Value))
            Assert.InRange(count, 512 - 128, 512 + 128);
        // Neighbours would be read ahead. Of 4096 pairs among 65 536 blocks, one in eight is expected.
        Assert.InRange(visited.Zip(visited.Skip(1)).Count(pair => pair.Second == pair.First + 1), 0, 5);
        Assert.InRange(visited.Count(place => place % 2 == 0), (Visits / 2) - 256, (Visits / 2) + 256);
    }

    [Fact]
    public void The_order_is_the_same_in_each_run_and_another_one_with_another_seed()
    {
        LoadOptions load = new() { DiskBytes = 4 << 20, Once = true };
        Assert.Equal(Visit(load, 100), Visit(load, 100));
        Assert.NotEqual(Visit(load, 100), Visit(load with { Seed = 2 }, 100));
    }

    [Fact]
    public void Blocks_that_are_visited_once_in_turn_follow_each_other()
    {
        LoadOptions load = new() { DiskBytes = 4 << 20, Once = true, Sequential = true };
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (ulong)i), Visit(load, 100));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Else_blocks_are_visited_without_an_end(bool sequential)
    {
        ulong[] visited = Visit(new LoadOptions { DiskBytes = 10 * Block, Sequential = sequential }, 1000);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (ulong)i), visited.Distinct().Order());
    }

    private static ulong[] Visit(LoadOptions load, int count)
    {
        OffsetSequence offsets = new(load, number: 0);
        return [.. Enumerable.Range(0, count).Select(_ => offsets.Next() / Block)];
    }
}
