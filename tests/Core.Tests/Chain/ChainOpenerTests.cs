// Opening the layers of a chain: order, names, refusals, what is undone. Not: emulation (CorrectionsTests).

using NbdFast.Chain;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Chain;

public sealed class ChainOpenerTests
{
    [Fact]
    public void Layers_are_asked_outermost_first_then_opened_from_the_plugin_outwards()
    {
        var journal = new Journal();
        using var chain = ChainHarness.Start(
            new FakePlugin(journal: journal), [new FakeFilter("a", journal: journal), new FakeFilter("b", journal: journal)]);
        journal.Take();
        Assert.Equal(Errno.Ok, chain.Connect(out OpenedLayers? layers, "x"));
        Assert.Equal(
            [
                "a: preconnect", "b: preconnect", "plugin: preconnect",
                "a: opening 'x' readonly=False", "b: opening 'x' readonly=False", "plugin: open 'x' readonly=False",
                "plugin: prepare", "plugin: describe", "b: connect", "b: prepare", "b: describe",
                "a: connect", "a: prepare", "a: describe",
            ],
            journal.Take());
        layers!.Dispose();
        Assert.Equal(
            ["a: finish", "b: finish", "plugin: finish", "a: close", "b: close", "plugin: close"], journal.Take());
    }
}
