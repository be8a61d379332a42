// The bound on bytes under way, alone and with the lender over it. Not: the pool (BufferPoolTests).

using System;
using System.Linq;
using System.Threading;
using NbdFast.Buffers;

namespace NbdFast.Core.Tests.Buffers;

public sealed class ByteBudgetTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void Bytes_are_lent_up_to_the_bound()
    {
        ByteBudget budget = new(100);
        long held = 0;
        Assert.True(budget.TryTake(60, ref held));
        Assert.False(budget.TryTake(41, ref held));
        Assert.True(budget.TryTake(40, ref held));
        Assert.Equal(100, held);
        Assert.Equal(100, budget.Used);
        Assert.False(budget.TryTake(1, ref held));
        budget.Give(100, ref held);
        Assert.Equal(0, held);
        Assert.Equal(0, budget.Used);
    }

    [Fact]
    public void A_connection_that_holds_nothing_always_gets_what_it_asks_for()
    {
        ByteBudget budget = new(100);
        long one = 0, two = 0;
        budget.Take(100, ref one);
        budget.Take(1000, ref two);
        Assert.Equal(1100, budget.Used);
        Assert.False(budget.TryTake(1, ref two));
    }

    [Fact]
    public void Whoever_waits_goes_on_when_bytes_are_given_back()
    {
        ByteBudget budget = new(100);
        long one = 0, two = 0;
        budget.Take(90, ref one);
        budget.Take(10, ref two);
        using ManualResetEventSlim taken = new(false);
        Thread waiter = new(() =>
        {
            budget.Take(50, ref two);
            taken.Set();
        });
        waiter.Start();
        Assert.False(taken.Wait(50));
        budget.Give(90, ref one);
        Assert.True(taken.Wait(Patience));
        Assert.Equal(60, budget.Used);
    }

    [Fact]
    public void Who_starves_is_told_of_and_goes_on_when_somebody_is_cut_off()
    {
        ByteBudget budget = new(100);
        long greedy = 0, held = 0;
        budget.Take(99, ref greedy);
        budget.Take(1, ref held);
        int told = 0;
        budget.OnStarved = () =>
        {
            told++;
            budget.Give(99, ref greedy);
        };
        budget.Take(10, ref held);
        Assert.Equal(1, told);
        Assert.Equal(11, budget.Used);
    }

    [Fact]
    public void Many_connections_stay_within_the_bound_and_all_get_on()
    {
        const int Connections = 6;
        ByteBudget budget = new(1 << 20);
        BufferPool pool = new();
        long worst = 0;
        Thread[] threads = [.. Enumerable.Range(0, Connections).Select(seed => new Thread(() =>
        {
            BufferLender lender = new(pool, budget);
            Random random = new(seed);
            for (int i = 0; i < 300; i++)
            {
                RequestBuffer first = lender.Rent(random.Next(1, 128 << 10));
                RequestBuffer? second = null;
                if (!lender.TryRent(random.Next(1, 128 << 10), out second))
                    lender.Return(first);
                long used = budget.Used;
                long seen = Volatile.Read(ref worst);
                if (used > seen)
                    Interlocked.CompareExchange(ref worst, used, seen);
                if (second == null)
                    continue;
                lender.Return(first);
                lender.Return(second);
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            Assert.True(thread.Join(Patience), "a connection waits for ever");
        Assert.Equal(0, budget.Used);
        Assert.InRange(worst, 1, (1 << 20) + Connections * (128 << 10));
    }

    [Fact]
    public void What_is_charged_is_given_back()
    {
        ByteBudget budget = new(1 << 30);
        BufferLender lender = new(new BufferPool(), budget);
        RequestBuffer[] buffers = [.. new[] { 1, 5000, 65_536, 3_000_000 }.Select(lender.Rent)];
        Assert.Equal(4096 + 8192 + 65_536 + (4 << 20), budget.Used);
        foreach (RequestBuffer buffer in buffers)
            lender.Return(buffer);
        Assert.Equal(0, budget.Used);
    }
}
