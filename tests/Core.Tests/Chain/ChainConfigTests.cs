// Parameters on their way through the layers, and what is settled after them. Not: exports (ChainConfigExportsTests).

using System;
using NbdFast.Chain;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Chain;

[Collection(LogCollection.Name)]
public sealed class ChainConfigTests
{
    private readonly Journal _journal = new();

    [Fact]
    public void A_parameter_goes_to_the_outermost_layer_that_claims_it()
    {
        ChainConfig chain = ChainBuilder.Build(
            [new FakeFilter("a", journal: _journal) { Key = "size" }, new FakeFilter("b", journal: _journal)],
            new FakePlugin(journal: _journal) { Keys = ["size", "other"] });
        chain.Apply("size", "1");
        chain.Apply("other", "");
        chain.Apply("raw", "x=y");
        Assert.Equal(["a: bind size=1", "plugin: bind other=", "plugin: config raw=x=y"], _journal.Lines);
    }

    [Fact]
    public void A_parameter_that_nobody_claims_is_an_error()
    {
        ChainConfig chain = ChainBuilder.Build([new FakeFilter("a")], new FakePlugin());
        Assert.Equal("unknown parameter 'foo'", Assert.Throws<ConfigException>(() => chain.Apply("foo", "1")).Message);
    }

    [Fact]
    public void A_plugin_without_parameters_says_so()
    {
        var table = new UnitTable { Name = "null", LongName = "", Callbacks = ["open", "get_size", "pread"] };
        ChainConfig chain = ChainBuilder.Build([], new FakePlugin { TableOverride = table });
        Assert.StartsWith(
            "null: this plugin does not need command line configuration",
            Assert.Throws<ConfigException>(() => chain.Apply("foo", "1")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("Z9._-x", true)]
    [InlineData("", false)]
    [InlineData("9a", false)]
    [InlineData("-a", false)]
    [InlineData("a/b", false)]
    [InlineData("a b", false)]
    [InlineData("ä", false)]
    public void A_key_is_a_letter_then_letters_digits_periods_underscores_dashes(string text, bool isKey) =>
        Assert.Equal(isKey, ChainConfig.IsKey(text));

    [Fact]
    public void Something_else_than_a_key_is_refused() =>
        Assert.Throws<ConfigException>(
            () => ChainBuilder.Build([], new FakePlugin { Keys = ["a/b"] }).Apply("a/b", ""));

    [Fact]
    public void Layers_complete_their_configuration_outermost_first()
    {
        ChainBuilder.Build(
            [new FakeFilter("a", journal: _journal), new FakeFilter("b", journal: _journal)],
            new FakePlugin(journal: _journal)).Complete();
        Assert.Equal(["a: config_complete", "b: config_complete", "plugin: config_complete"], _journal.Lines);
    }

    [Fact]
    public void A_missing_parameter_is_told_before_the_layer_completes()
    {
        ChainConfig chain = ChainBuilder.Build([], new FakePlugin(journal: _journal) { Missing = "size is required" });
        Assert.Equal("size is required", Assert.Throws<ConfigException>(chain.Complete).Message);
        Assert.Empty(_journal.Lines);
    }

    [Fact]
    public void An_exception_of_a_unit_becomes_one_line_with_its_name()
    {
        ChainConfig chain = ChainBuilder.Build(
            [], new FakePlugin { Calling = _ => throw new FormatException("not a number") });
        Assert.Equal("plugin: not a number", Assert.Throws<ConfigException>(chain.Complete).Message);
    }

    [Fact]
    public void A_ConfigException_of_a_unit_is_passed_on_as_it_is()
    {
        var thrown = new ConfigException("as it is");
        ChainConfig chain = ChainBuilder.Build([], new FakePlugin { Calling = _ => throw thrown });
        Assert.Same(thrown, Assert.Throws<ConfigException>(chain.Complete));
    }

    [Fact]
    public void The_thread_model_is_the_strictest_of_the_layers()
    {
        ChainConfig chain = ChainBuilder.Build(
            [Filter(ThreadModel.SerializeAllRequests), Filter(ThreadModel.Parallel)], new FakePlugin());
        chain.Complete();
        Assert.Equal(ThreadModel.SerializeAllRequests, chain.ThreadModel);
    }

    [Fact]
    public void A_looser_thread_model_than_declared_is_ignored()
    {
        var table = new UnitTable { Name = "p", LongName = "", ThreadModel = ThreadModel.SerializeRequests };
        var plugin = new FakePlugin { TableOverride = table, Model = ThreadModel.Parallel };
        Assert.Equal(ThreadModel.SerializeRequests, ChainBuilder.Build([], plugin).ThreadModel);
    }

    [Fact]
    public void A_stricter_thread_model_than_declared_is_heeded()
    {
        var plugin = new FakePlugin { Model = ThreadModel.SerializeConnections };
        Assert.Equal(ThreadModel.SerializeConnections, ChainBuilder.Build([], plugin).ThreadModel);
    }

    [Fact]
    public void Under_v_each_layer_that_is_asked_is_shown()
    {
        using var log = new LogCapture(verbose: true);
        ChainConfig chain = ChainBuilder.Build([new FakeFilter("a")], new FakePlugin { Keys = ["size"] });
        chain.Apply("size", "1M");
        chain.Complete();
        Assert.Equal(
            [
                "nbdfast: debug: a: config key=size, value=1M",
                "nbdfast: debug: plugin: config key=size, value=1M",
                "nbdfast: debug: a: config_complete",
                "nbdfast: debug: plugin: config_complete",
                "nbdfast: debug: using thread model: parallel",
            ],
            log.Debug.Lines);
    }

    [Fact]
    public void A_secret_is_hidden_from_the_layers_above_its_owner_too()
    {
        using var log = new LogCapture(verbose: true);
        var table = new UnitTable { Name = "p", LongName = "", SecretKeys = ["password"] };
        ChainConfig chain = ChainBuilder.Build(
            [new FakeFilter("a")], new FakePlugin { TableOverride = table, Keys = ["password"] });
        chain.Apply("password", "hunter2");
        Assert.Equal(
            ["nbdfast: debug: a: config key=password, value=***", "nbdfast: debug: p: config key=password, value=***"],
            log.Debug.Lines);
    }

    [Theory]
    [InlineData(ThreadModel.SerializeConnections, "serialize_connections")]
    [InlineData(ThreadModel.SerializeAllRequests, "serialize_all_requests")]
    [InlineData(ThreadModel.SerializeRequests, "serialize_requests")]
    [InlineData(ThreadModel.Parallel, "parallel")]
    public void Thread_models_are_named_as_nbdkit_names_them(ThreadModel model, string name) =>
        Assert.Equal(name, ChainConfig.NameOf(model));

    private static FakeFilter Filter(ThreadModel model) =>
        new("f") { TableOverride = new UnitTable { Name = "f", LongName = "", ThreadModel = model } };
}
