// What scripts say of their disk and their exports. Not: requests (ScriptAnswerTests).

using System;
using System.Linq;
using NbdFast.Chain;
using NbdFast.Plugins.Scripts;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class ScriptDescriptionTests
{
    [Fact]
    public void A_script_that_says_nothing_can_be_read_only()
    {
        using ChainHarness chain = Open();
        Assert.True(chain.Info is
        {
            Size: 1UL << 20, CanWrite: false, CanFlush: false, CanTrim: false, CanExtents: false, MultiConn: false,
            Rotational: false, Fua: FuaSupport.None, Cache: CacheSupport.None, BlockMinimum: 0, Description: null,
        });
    }

    [Fact]
    public void In_eval_a_method_brings_its_ability_along()
    {
        using ChainHarness chain = Open(
            ("pwrite", ""), ("flush", ""), ("trim", ""), ("zero", ""), ("extents", ""), ("cache", ""));
        Assert.True(chain.Info is
        {
            CanWrite: true, CanFlush: true, CanTrim: true, CanExtents: true, Zero: ZeroSupport.Native,
            CanFastZero: false, Fua: FuaSupport.Emulate, Cache: CacheSupport.Native,
        });
    }

    [Fact]
    public void An_ability_may_be_denied_though_the_method_is_there()
    {
        using ChainHarness chain = Open(
            ("pwrite", ""), ("can_write", "exit 3"), ("flush", ""), ("can_flush", "exit 2"), ("cache", ""),
            ("can_cache", "echo none"), ("extents", ""), ("can_extents", "exit 3"));
        Assert.True(chain.Info is
        { CanWrite: false, CanFlush: false, CanExtents: false, Cache: CacheSupport.None });
    }

    [Fact]
    public void Everything_else_is_said_by_its_method()
    {
        using ChainHarness chain = Open(
            ("pwrite", ""), ("zero", ""), ("can_fast_zero", ""), ("is_rotational", ""), ("can_multi_conn", "exit 0"),
            ("can_fua", "echo Native"), ("can_cache", "echo emulate"), ("block_size", "echo 512 4k; echo 32M"),
            ("export_description", "echo a disk"));
        Assert.True(chain.Info is
        {
            CanFastZero: true, Rotational: true, MultiConn: true, Fua: FuaSupport.Native, Cache: CacheSupport.Emulate,
            BlockMinimum: 512, BlockPreferred: 4096, BlockMaximum: 32 << 20, Description: "a disk",
        });
    }

    [Fact]
    public void Zeroing_without_a_method_is_fast_as_far_as_the_server_writes_zeroes()
    {
        using ChainHarness chain = Open(("pwrite", ""));
        Assert.True(chain.Info is { Zero: ZeroSupport.Emulate, CanFastZero: true });
    }

    [Theory]
    [InlineData("get_size", "echo nonsense")]
    [InlineData("get_size", "echo -1")]
    [InlineData("get_size", "true")]
    [InlineData("get_size", "exit 2")]
    [InlineData("get_size", "exit 3")]
    [InlineData("open", "exit 3")]
    [InlineData("open", "echo EPERM >&2; exit 1")]
    [InlineData("preconnect", "exit 1")]
    [InlineData("default_export", "exit 1")]
    [InlineData("can_write", "exit 1")]
    [InlineData("can_fua", "echo nonsense", "pwrite")]
    [InlineData("can_fua", "exit 3", "pwrite")]
    [InlineData("can_cache", "echo nonsense")]
    [InlineData("block_size", "echo 512 4096")]
    [InlineData("block_size", "echo a b c")]
    [InlineData("block_size", "echo 512 4k 8G")]
    [InlineData("block_size", "exit 3")]
    public void An_answer_that_makes_no_sense_refuses_the_client(string method, string answer, string other = "flush")
    {
        (string, string)[] size = method == "get_size" ? [] : [("get_size", "echo 1M")];
        using ChainHarness chain = ChainHarness.Start(
            new EvalPlugin(), [], [.. size, (method, answer), (other, "true")]);
        Assert.NotEqual(Errno.Ok, chain.Connect(out OpenedLayers? layers));
        Assert.Null(layers);
    }

    [Fact]
    public void A_description_that_cannot_be_had_is_left_out()
    {
        using ChainHarness chain = Open(("export_description", "exit 1"));
        Assert.Null(chain.Info.Description);
    }

    [Theory]
    [InlineData("printf 'a\\nb\\n'", "a b")]
    [InlineData("printf 'NAMES\\na\\n\\nb'", "a  b")]
    [InlineData("printf 'INTERLEAVED\\na\\nda\\nb\\n'", "a=da b")]
    [InlineData("printf 'INTERLEAVED'", "")]
    [InlineData("printf 'NAMES+DESCRIPTIONS\\na\\nb\\nda\\ndb\\n'", "a=da b=db")]
    [InlineData("printf 'NAMES+DESCRIPTIONS\\na\\nb\\nda\\n'", "a=da b")]
    [InlineData("printf 'INTERLEAVE\\na\\n'", "INTERLEAVE a")]
    [InlineData("true", "")]
    [InlineData("exit 2", "default")]
    public void Exports_are_listed_in_three_forms(string script, string expected)
    {
        using ChainHarness chain = ChainHarness.Start(
            new EvalPlugin(), [], ("list_exports", script), ("default_export", "echo default"));
        ExportList exports = new();
        Assert.Equal(Errno.Ok, chain.ListExports(exports));
        Assert.Equal(
            expected,
            string.Join(' ', Enumerable.Range(0, exports.Count).Select(i => exports[i])
                .Select(export => export.Description == null ? export.Name : $"{export.Name}={export.Description}")));
    }

    [Theory]
    [InlineData("echo name", "name")]
    [InlineData("printf name", "name")]
    [InlineData("printf 'INTERLEAVED\\nname\\ntext\\n'", "name")]
    [InlineData("printf 'NAMES\\n'", "")]
    [InlineData("true", "")]
    [InlineData("exit 2", "")]
    [InlineData("exit 3", null)]
    [InlineData("exit 1", null)]
    public void The_default_export_is_the_first_of_a_list(string script, string? expected)
    {
        using ChainHarness chain = ChainHarness.Start(new EvalPlugin(), [], ("default_export", script));
        Assert.Equal(expected, chain.DefaultExport());
    }

    private static ChainHarness Open(params (string Key, string Value)[] parameters) =>
        ChainHarness.Open(new EvalPlugin(), [("get_size", "echo 1M"), .. parameters]);
}
