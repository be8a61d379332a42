// Opening the layers of a chain: order, names, refusals, what is undone. Not: what is laid over them
// (CorrectionsTests), opening once more (LayerContextTests, LayersBelowTests).

using System;
using NbdFast.Chain;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Chain;

public sealed class ChainOpenerTests
{
    private readonly Journal _journal = new();

    [Fact]
    public void Layers_are_asked_outermost_first_then_opened_from_the_plugin_outwards()
    {
        using var chain = Start(new FakePlugin(journal: _journal), Filter("a"), Filter("b"));
        _journal.Take();
        Assert.Equal(Errno.Ok, chain.Connect(out OpenedLayers? layers, "x"));
        Assert.Equal(
            [
                "a: preconnect", "b: preconnect", "plugin: preconnect",
                "a: opening 'x' readonly=False", "b: opening 'x' readonly=False", "plugin: open 'x' readonly=False",
                "plugin: prepare", "plugin: describe", "b: connect", "b: prepare", "b: describe",
                "a: connect", "a: prepare", "a: describe",
            ],
            _journal.Take());
        layers!.Dispose();
        Assert.Equal(
            ["a: finish", "b: finish", "plugin: finish", "a: close", "b: close", "plugin: close"], _journal.Take());
    }

    [Fact]
    public void A_filter_asks_the_layers_below_for_something_else()
    {
        var filter = new FakeFilter("a", journal: _journal)
        {
            Renaming = request => (request.ExportName, request.ReadOnly) = ("other", true),
        };
        using var chain = Start(new FakePlugin(journal: _journal), filter);
        var request = new OpenRequest(new ClientInfo(), "x", readOnly: false);
        Assert.Equal(Errno.Ok, ChainOpener.Open(chain.Config, 0, request, out OpenedLayers? layers));
        using (layers)
        {
            Assert.Equal(["plugin: open 'other' readonly=True"], _journal.With("plugin: open"));
            Assert.Equal(("x", false), (filter.Last!.Asked.ExportName, filter.Last.Asked.ReadOnly));
            Assert.Equal(("x", false), (request.ExportName, request.ReadOnly));
            Assert.Equal("x", layers!.ExportName);
        }
    }

    [Fact]
    public void A_filter_that_opens_below_for_reading_may_be_writable_itself()
    {
        var filter = new FakeFilter("cow")
        {
            Renaming = request => request.ReadOnly = true,
            Describing = (ref ExportInfo info) => info.CanWrite = true,
        };
        using var chain = ChainHarness.Open(new FakePlugin(), [filter]);
        Assert.False(filter.Last!.InfoBelow.CanWrite);
        Assert.True(chain.Info.CanWrite);
    }

    [Fact]
    public void A_layer_that_was_opened_for_reading_is_not_writable_whatever_it_says()
    {
        using var chain = Start(new FakePlugin { Describing = (ref ExportInfo info) => info.CanWrite = true });
        Assert.Equal(Errno.Ok, chain.Connect(out _, readOnly: true));
        Assert.False(chain.Info.CanWrite);
    }

    [Fact]
    public void The_empty_name_is_replaced_by_the_default_export_of_each_layer()
    {
        using var chain = Start(
            new FakePlugin(journal: _journal) { DefaultName = "main" }, Filter("a"),
            new FakeFilter("b", journal: _journal) { Renaming = request => request.ExportName = "" });
        Assert.Equal(Errno.Ok, chain.Connect(out OpenedLayers? layers));
        Assert.Equal(
            [
                "a: opening 'main' readonly=False", "b: opening 'main' readonly=False",
                "plugin: open 'main' readonly=False",
            ],
            [.. _journal.With("opening"), .. _journal.With("plugin: open")]);
        Assert.Equal("main", layers!.ExportName);
    }

    [Fact]
    public void Without_a_default_export_the_empty_name_is_refused_and_others_are_not()
    {
        using var chain = Start(new FakePlugin { DefaultName = null });
        Assert.Equal(Errno.ENOENT, chain.Connect(out OpenedLayers? layers));
        Assert.Null(layers);
        Assert.Equal(Errno.Ok, chain.Connect(out _, "x"));
    }

    [Fact]
    public void A_filter_refuses_before_anything_below_is_opened()
    {
        using var chain = Start(new FakePlugin(journal: _journal), Failing("a", "opening", Errno.EPERM));
        Assert.Equal(Errno.EPERM, chain.Connect(out OpenedLayers? layers));
        Assert.Null(layers);
        Assert.Empty(_journal.With("plugin: open"));
    }

    [Fact]
    public void A_plugin_that_refuses_says_why()
    {
        using var chain = Start(
            new FakePlugin { Calling = name => name == "open" ? Errno.EACCES : Errno.Ok }, Filter("a"));
        Assert.Equal(Errno.EACCES, chain.Connect(out _));
        Assert.Empty(_journal.With("connect: "));
        Assert.Empty(_journal.With("a: close"));
    }

    [Theory]
    [InlineData("prepare")]
    [InlineData("describe")]
    public void What_was_opened_is_closed_if_a_layer_above_fails(string callback)
    {
        using var chain = Start(new FakePlugin(journal: _journal), Failing("a", callback, Errno.ENOSPC));
        Assert.Equal(Errno.ENOSPC, chain.Connect(out OpenedLayers? layers));
        Assert.Null(layers);
        string[] finished = callback == "prepare" ? [] : ["a: finish"];
        Assert.Equal(
            [.. finished, "plugin: finish", "a: close", "plugin: close"],
            [.. _journal.With("finish"), .. _journal.With("close")]);
    }

    [Fact]
    public void A_plugin_that_was_not_prepared_is_not_finished()
    {
        using var chain = Start(new FakePlugin(journal: _journal)
        {
            Calling = name => name == "prepare" ? Errno.EIO : Errno.Ok,
        });
        Assert.Equal(Errno.EIO, chain.Connect(out _));
        Assert.Empty(_journal.With("finish"));
        Assert.Single(_journal.With("plugin: close"));
    }

    [Theory]
    [InlineData("opening")]
    [InlineData("connect")]
    [InlineData("prepare")]
    [InlineData("describe")]
    public void An_exception_of_a_layer_is_an_error_of_the_client(string callback)
    {
        var filter = new FakeFilter("a", journal: _journal)
        {
            Calling = name => name == callback ? throw new InvalidOperationException("boom") : Errno.Ok,
        };
        using var chain = Start(new FakePlugin(journal: _journal), filter);
        Assert.Equal(Errno.EIO, chain.Connect(out _));
        Assert.Contains("boom", Log.TakeLastError(), StringComparison.Ordinal);
        Assert.Equal(_journal.With("plugin: prepare").Count, _journal.With("plugin: close").Count);
    }

    [Fact]
    public void A_filter_may_serve_without_the_layers_below()
    {
        var filter = new FakeFilter("a", Operations.None)
        {
            Renaming = request => request.OpenNext = false,
            Describing = (ref ExportInfo info) => info.Size = 512,
        };
        using var chain = ChainHarness.Open(new FakePlugin(journal: _journal), [filter]);
        Assert.Empty(_journal.With("plugin: open"));
        Assert.False(chain.Info.CanWrite);
        Assert.Equal(Errno.EIO, chain.Next.Read(new byte[512], 0));
    }

    [Fact]
    public void A_fused_connection_is_taken_where_there_is_one()
    {
        var fused = new Replacement();
        using var chain = Start(new FakePlugin(), Filter("a"), Filter("b"));
        chain.Config.FusedConnect = (Filter filter, in ChainNext next, LayerContext context) =>
            filter.Table.Name == "a" ? fused : null;
        Assert.Equal(Errno.Ok, chain.Connect(out _));
        Assert.Equal(Errno.EBUSY, chain.Next.Flush());
        Assert.Equal(["b: connect"], _journal.With(": connect"));
    }

    private FakeFilter Filter(string name) => new(name, journal: _journal);

    private FakeFilter Failing(string name, string callback, Errno errno) => new(name, journal: _journal)
    {
        Calling = called => called == callback ? errno : Errno.Ok,
    };

    private static ChainHarness Start(FakePlugin plugin, params FakeFilter[] filters) =>
        ChainHarness.Start(plugin, filters);

    private sealed class Replacement : Link
    {
        public override Errno Flush() => Errno.EBUSY;
    }
}
