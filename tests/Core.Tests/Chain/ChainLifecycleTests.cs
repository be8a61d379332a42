// The order of the calls between configuration and the end. Not: connections (ChainOpenerTests).

using System;
using NbdFast.Chain;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Chain;

public sealed class ChainLifecycleTests
{
    private readonly Journal _journal = new();

    [Fact]
    public void Units_start_from_the_plugin_outwards()
    {
        using var chain = Start();
        Assert.Equal(
            [
                "plugin: get_ready Parallel", "b: get_ready Parallel", "a: get_ready Parallel",
                "plugin: after_fork", "b: after_fork", "a: after_fork",
            ],
            [.. _journal.With("get_ready"), .. _journal.With("after_fork")]);
    }

    [Fact]
    public void Units_are_cleaned_up_outermost_first_and_unloaded_from_the_plugin_outwards()
    {
        Start().Dispose();
        Assert.Equal(
            ["a: cleanup", "b: cleanup", "plugin: cleanup", "plugin: unload", "b: unload", "a: unload"],
            [.. _journal.With("cleanup"), .. _journal.With("unload")]);
    }

    [Fact]
    public void A_unit_that_cannot_get_ready_stops_the_start()
    {
        var plugin = new FakePlugin
        {
            Calling = name => name == "get_ready" ? throw new InvalidOperationException("no") : Errno.Ok,
        };
        Assert.Equal(
            "plugin: no", Assert.Throws<ConfigException>(() => ChainHarness.Start(plugin, [])).Message);
    }

    [Fact]
    public void A_unit_that_fails_to_clean_up_does_not_keep_the_others_from_it()
    {
        ChainConfig chain = ChainBuilder.Build(
            [new FakeFilter("a", journal: _journal) { Calling = _ => throw new InvalidOperationException("no") }],
            new FakePlugin(journal: _journal));
        ChainLifecycle.Cleanup(chain);
        ChainLifecycle.Dispose(chain);
        Assert.Equal(["a: cleanup", "plugin: cleanup", "plugin: unload", "a: unload"], _journal.Lines);
    }

    private ChainHarness Start() => ChainHarness.Start(
        new FakePlugin(journal: _journal),
        [new FakeFilter("a", journal: _journal), new FakeFilter("b", journal: _journal)]);
}
