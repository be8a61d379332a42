// What generated tables, binders and registries do when they run. Not: fused chains (FusedChainTests).

using System;
using System.Collections.Generic;
using System.Linq;
using NbdFast.Chain;

namespace NbdFast.Generators.Tests;

public sealed class GeneratedCodeTests : IDisposable
{
    private readonly Loaded _sample = new(Compiled.FromSound(
        Compiled.Sample("OnesPlugin.cs"), Compiled.Sample("BytesPlugin.cs"), Compiled.Sample("ShiftFilter.cs")).Output);

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void The_registry_makes_units_by_name()
    {
        Assert.Equal("OnesPlugin", _sample.CreatePlugin("ones")!.GetType().Name);
        Assert.Equal("ShiftFilter", _sample.CreateFilter("shift")!.GetType().Name);
        Assert.Null(_sample.CreatePlugin("shift"));
        Assert.Null(_sample.CreateFilter("ones"));
        Assert.NotSame(_sample.CreatePlugin("ones"), _sample.CreatePlugin("ones"));
    }

    [Fact]
    public void The_registry_lists_names_in_order() =>
        Assert.Equal(["bytes", "ones"], (IReadOnlyList<string>)_sample.Names("PluginRegistry"));

    [Fact]
    public void The_registry_finds_the_table_that_the_unit_has()
    {
        UnitTable table = _sample.FindPlugin("ones")!;
        Assert.Same(table, _sample.CreatePlugin("ones")!.Table);
        Assert.Null(_sample.FindPlugin("twos"));
        Assert.Equal("Serves one repeated byte.", table.Description);
        Assert.Equal(ThreadModel.SerializeRequests, table.ThreadModel);
        Assert.Equal(Latency.Memory, table.Latency);
        Assert.Equal("size", table.MagicKey);
        Assert.Equal(["password"], table.SecretKeys);
        Assert.Equal(Operations.Read | Operations.Write | Operations.Zero, table.Operations);
        Assert.Equal(Operations.None, table.AsyncOperations);
    }

    [Fact]
    public void Operations_come_from_the_class_that_Open_returns_and_from_its_bases()
    {
        UnitTable table = _sample.FindPlugin("bytes")!;
        Assert.Equal(Operations.Read | Operations.Write | Operations.Flush, table.Operations);
        Assert.Equal(Operations.Flush, table.AsyncOperations);
    }

    [Fact]
    public void Callbacks_are_named_as_nbdkit_names_and_orders_them() =>
        Assert.Equal(
            [
                "longname", "description", "config", "config_complete", "config_help", "open", "get_size", "block_size",
                "can_fast_zero", "can_multi_conn", "pread", "pwrite", "zero",
            ],
            _sample.FindPlugin("ones")!.Callbacks);

    [Fact]
    public void Help_has_a_line_per_parameter_in_order_with_texts_aligned()
    {
        string[] lines = _sample.FindPlugin("ones")!.ConfigHelp.Split('\n');
        string[] keys = ["size", "byte", "", "pattern", "wait", "label", "level", "password", "verify", ""];
        Assert.Equal(keys, lines.Select(line => line.Contains('=') ? line.Split('=')[0] : ""));
        int column = lines[0].IndexOf("Size of", StringComparison.Ordinal);
        Assert.EndsWith("  (required) Size of the backing disk.", lines[0], StringComparison.Ordinal);
        Assert.Equal(column, lines[1].IndexOf("Repeating", StringComparison.Ordinal));
        Assert.Equal(column, lines[2].IndexOf("(default", StringComparison.Ordinal));
        Assert.Equal("verify=<VERIFY>", lines[8]);
    }

    [Fact]
    public void Bind_parses_each_value_by_its_propertys_type()
    {
        Plugin ones = _sample.CreatePlugin("ones")!;
        Assert.True(ones.Bind("size", "2k"));
        Assert.True(ones.Bind("byte", "0x10"));
        Assert.True(ones.Bind("pattern", "marked-blocks"));
        Assert.True(ones.Bind("wait", "5ms"));
        Assert.True(ones.Bind("verify", "yes"));
        Assert.Equal("2048", Value(ones, "Size"));
        Assert.Equal("16", Value(ones, "Byte"));
        Assert.Equal("MarkedBlocks", Value(ones, "Pattern"));
        Assert.Equal("5ms", Value(ones, "Wait"));
        Assert.Equal("True", Value(ones, "Verify"));
    }

    [Fact]
    public void A_repeated_key_adds_to_its_list()
    {
        Plugin ones = _sample.CreatePlugin("ones")!;
        foreach (string level in new[] { "3", "-4" })
            Assert.True(ones.Bind("level", level));
        Assert.True(ones.Bind("label", "x"));
        Assert.Equal([3, -4], (List<int>)Property(ones, "Levels")!);
        Assert.Equal(["x"], (List<string>)Property(ones, "Labels")!);
    }

    [Fact]
    public void A_key_that_no_property_claims_is_refused_by_Bind_and_left_to_Config()
    {
        Plugin ones = _sample.CreatePlugin("ones")!;
        Assert.False(ones.Bind("x-other", "1"));
        Assert.False(ones.Bind("SIZE", "1"));
        Assert.True(ones.Config("x-other", "1"));
    }

    [Theory]
    [InlineData("pattern", "stripes", "unknown pattern 'stripes': use plain or marked-blocks")]
    [InlineData("byte", "256", "byte: ")]
    [InlineData("size", "much", "size: ")]
    [InlineData("level", "", "level: ")]
    public void A_wrong_value_gives_one_line_that_names_the_key(string key, string value, string message)
    {
        Plugin ones = _sample.CreatePlugin("ones")!;
        ConfigException error = Assert.Throws<ConfigException>(() => ones.Bind(key, value));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_required_parameter_is_missed_until_it_is_given()
    {
        Plugin ones = _sample.CreatePlugin("ones")!;
        Assert.Equal("you must specify size=<SIZE> on the command line", ones.MissingParameter);
        Assert.Throws<ConfigException>(() => ones.Bind("size", "?"));
        Assert.NotNull(ones.MissingParameter);
        ones.Bind("size", "0");
        Assert.Null(ones.MissingParameter);
        Assert.Null(_sample.CreatePlugin("bytes")!.MissingParameter);
    }

    private static object? Property(Plugin plugin, string name) => plugin.GetType().GetProperty(name)!.GetValue(plugin);

    private static string? Value(Plugin plugin, string name) => Property(plugin, name)?.ToString();
}
