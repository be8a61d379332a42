// The role in every order in which its steps can fall between those of the watch. Not: real threads
// (Server/LazyHandOverTests).

using System.Collections.Generic;
using System.Linq;
using NbdFast.Drivers;

namespace NbdFast.Core.Tests.Drivers;

public sealed class RoleTests
{
    private const int Requests = 3;
    private const int Looks = 3;

    [Fact]
    public void Each_request_is_ended_once_in_whatever_order_the_steps_fall()
    {
        int orders = 0;
        foreach (bool[] order in Orders(2 * Requests, 2 * Looks))
        {
            Run(order);
            orders++;
        }

        Assert.Equal(924, orders);   // 12 over 6.
    }

    [Fact]
    public void What_was_begun_after_a_look_is_not_taken_by_it()
    {
        Role role = new(new NoWork());
        long first = role.Begin();
        long seen = role.Word;
        Assert.True(role.End(first));
        long second = role.Begin();
        Assert.False(role.TryTake(seen));
        Assert.True(role.End(second));
    }

    [Fact]
    public void A_request_that_never_ended_does_not_confuse_the_next()
    {
        Role role = new(new NoWork());
        role.Begin();
        long next = role.Begin();
        Assert.Equal(1, next & 1);
        Assert.Equal(next, role.Word);
        Assert.True(role.End(next));
        Assert.Equal(0, role.Word & 1);
    }

    [Fact]
    public void Whoever_took_the_role_begins_where_it_was_left()
    {
        Role role = new(new NoWork());
        long stuck = role.Begin();
        Assert.True(role.TryTake(stuck));
        long next = role.Begin();
        Assert.False(role.End(stuck));
        Assert.True(role.End(next));
    }

    // The owner begins and ends requests; after it has lost the role, whoever has it goes on. The watch looks, and at
    // the next step takes what it saw running.
    private static void Run(bool[] order)
    {
        Role role = new(new NoWork());
        List<long> stuck = [];
        long running = 0;
        long seen = 0;
        bool hasLooked = false;
        int ended = 0;
        int taken = 0;
        int begun = 0;
        foreach (bool isOwners in order)
        {
            if (isOwners && running == 0)
            {
                running = role.Begin();
                begun++;
            }
            else if (isOwners)
            {
                Assert.True(role.End(running), "nobody took it, and yet it is lost");
                ended++;
                running = 0;
            }
            else if (!hasLooked)
            {
                seen = role.Word;
                hasLooked = true;
            }
            else
            {
                hasLooked = false;
                if ((seen & 1) == 0 || !role.TryTake(seen))
                    continue;
                Assert.Equal(running, seen);
                stuck.Add(running);
                running = 0;
                taken++;
            }
        }

        Assert.Equal(begun - (running == 0 ? 0 : 1), ended + taken);
        Assert.All(stuck, turn => Assert.False(role.End(turn), "it was taken and ended"));
    }

    // Every order of so many steps of two kinds.
    private static IEnumerable<bool[]> Orders(int owners, int watches)
    {
        if (owners == 0 && watches == 0)
            return [[]];
        IEnumerable<bool[]> all = [];
        if (owners > 0)
            all = all.Concat(Orders(owners - 1, watches).Select(rest => (bool[])[true, .. rest]));
        if (watches > 0)
            all = all.Concat(Orders(owners, watches - 1).Select(rest => (bool[])[false, .. rest]));
        return all;
    }

    private sealed class NoWork : Work
    {
        public override void Run()
        {
        }
    }
}
