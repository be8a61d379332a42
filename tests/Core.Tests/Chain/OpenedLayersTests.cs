// The end of a connection. Not: its begin (ChainOpenerTests).

using System;
using NbdFast.Chain;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Chain;

public sealed class OpenedLayersTests
{
    private readonly Journal _journal = new();

    [Fact]
    public void Disposing_finishes_what_was_not_finished()
    {
        using var chain = ChainHarness.Open(new FakePlugin(journal: _journal));
        chain.First.Dispose();
        Assert.Equal(["plugin: finish", "plugin: close"], [.. _journal.With("finish"), .. _journal.With("close")]);
    }

    [Fact]
    public void Layers_are_finished_and_closed_once()
    {
        using var chain = ChainHarness.Open(new FakePlugin(journal: _journal));
        Assert.Equal(Errno.Ok, chain.First.Finish());
        Assert.Equal(Errno.Ok, chain.First.Finish());
        chain.First.Dispose();
        chain.First.Dispose();
        Assert.Equal(["plugin: finish", "plugin: close"], [.. _journal.With("finish"), .. _journal.With("close")]);
    }

    [Fact]
    public void The_first_error_of_finishing_is_told_and_every_layer_is_asked()
    {
        var filter = new FakeFilter("a", journal: _journal)
        {
            Calling = name => name == "finish" ? Errno.EIO : Errno.Ok,
        };
        var plugin = new FakePlugin(journal: _journal) { Calling = name => name == "finish" ? Errno.ENOSPC : Errno.Ok };
        using var chain = ChainHarness.Open(plugin, [filter]);
        Assert.Equal(Errno.EIO, chain.First.Finish());
        Assert.Equal(["a: finish", "plugin: finish"], _journal.With("finish"));
    }

    [Fact]
    public void An_exception_while_closing_does_not_keep_the_layers_below_open()
    {
        var filter = new FakeFilter("a")
        {
            Calling = name => name is "close" or "finish" ? throw new InvalidOperationException("no") : Errno.Ok,
        };
        using var chain = ChainHarness.Open(new FakePlugin(journal: _journal), [filter]);
        chain.First.Dispose();
        Assert.Equal(["plugin: finish", "plugin: close"], [.. _journal.With("finish"), .. _journal.With("close")]);
    }

    [Fact]
    public void No_operation_may_follow_the_finish()
    {
        using var chain = ChainHarness.Open(new FakePlugin());
        chain.First.Finish();
        Assert.Throws<InvalidOperationException>(() => chain.ReadBytes(0, 1));
    }
}
