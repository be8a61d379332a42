// Chunks of a read in any order. Not: who sends them.

using System;
using System.Linq;
using NbdFast.Client;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Client;

public sealed class CoverageTests
{
    [Fact]
    public void Parts_in_any_order_cover_the_range()
    {
        Seed seed = new();
        for (int round = 0; round < 200; round++)
        {
            ulong[] parts = [.. Enumerable.Range(0, 20).Select(i => (ulong)i)];
            seed.Random.Shuffle(parts);
            Coverage coverage = new();
            coverage.Reset(1000, 200);
            foreach (ulong part in parts)
            {
                Assert.False(coverage.IsWhole, $"{seed}");
                Assert.True(coverage.Add(1000 + (part * 10), 10), $"{seed}");
            }

            Assert.True(coverage.IsWhole, $"{seed}");
        }
    }

    [Fact]
    public void What_a_model_refuses_is_refused()
    {
        Seed seed = new();
        for (int round = 0; round < 2000; round++)
        {
            bool[] model = new bool[64];
            Coverage coverage = new();
            coverage.Reset(100, 64);
            for (int step = 0; step < 12; step++)
            {
                int start = seed.Random.Next(-2, 66), length = seed.Random.Next(0, 20);
                bool isRight = length > 0 && start >= 0 && start + length <= 64
                    && !model.AsSpan(start, length).Contains(true);
                Assert.True(isRight == coverage.Add((ulong)(100 + start), (ulong)length), $"{seed} {round} {step}");
                if (!isRight)
                    break;   // A connection does not go on from there.
                model.AsSpan(start, length).Fill(true);
                Assert.Equal(model.All(b => b), coverage.IsWhole);
            }
        }
    }

    [Fact]
    public void Disorder_has_a_bound()
    {
        Coverage coverage = new();
        coverage.Reset(0, 1 << 20);
        int taken = 0;
        for (ulong offset = 2; coverage.Add(offset, 1); offset += 2)
            taken++;
        Assert.Equal(1024, taken);
    }
}
