// When a thread spins. Not: for how long, which is measured (bench).

using System;
using NbdFast.Drivers;

namespace NbdFast.Core.Tests.Drivers;

public sealed class SpinRuleTests
{
    private readonly Crowd _crowd = new(IoChoice.Threads);

    [SkippableFact]
    public void A_thread_spins_while_it_is_worth_it()
    {
        SkipOnOneCore();
        SpinRule rule = new();
        for (int i = 0; i < 100; i++)
        {
            Assert.True(rule.Spins(_crowd));
            rule.Learn(found: true);
        }
    }

    [SkippableFact]
    public void After_spins_in_vain_it_only_tries_now_and_then_until_one_is_worth_it()
    {
        SkipOnOneCore();
        SpinRule rule = new();
        for (int i = 0; i < 100; i++)
            rule.Learn(found: false);
        int tries = 0;
        for (int i = 0; i < 640; i++)
        {
            if (!rule.Spins(_crowd))
                continue;
            tries++;
            rule.Learn(found: false);
        }

        Assert.Equal(10, tries);
        rule.Learn(found: true);
        Assert.True(rule.Spins(_crowd));
    }

    [Fact]
    public void It_does_not_while_another_connection_is_awake()
    {
        SpinRule rule = new();
        _crowd.Wake();
        _crowd.Wake();
        Assert.False(rule.Spins(_crowd));
        _crowd.Sleep();
        Assert.Equal(Environment.ProcessorCount > 1, rule.Spins(_crowd));
    }

    [SkippableFact]
    public void It_leaves_off_for_a_while_when_others_want_its_core()
    {
        SkipOnOneCore();
        SpinRule rule = new();
        rule.LookAtPreemptions(1000);
        rule.LookAtPreemptions(1016);
        Assert.True(rule.Spins(_crowd));
        rule.LookAtPreemptions(1033);
        for (int waits = 0; waits < 2048; waits++)
            Assert.False(rule.Spins(_crowd));
        Assert.True(rule.Spins(_crowd));
    }

    private static void SkipOnOneCore() =>
        Skip.If(Environment.ProcessorCount == 1, "nobody spins on the client's only core");
}
