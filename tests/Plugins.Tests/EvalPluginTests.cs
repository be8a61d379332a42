// The command line of the eval plugin. Not: what scripts answer (ScriptAnswerTests, ScriptDescriptionTests).

using System;
using NbdFast.Plugins.Scripts;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class EvalPluginTests
{
    [Fact]
    public void A_parameter_that_is_no_method_goes_to_the_config_script()
    {
        using ChainHarness chain = ChainHarness.Open(
            new EvalPlugin(), ("config", "printf %s \"$2=$3\" >$tmpdir/seen"), ("get_size", "echo 1M"),
            ("pread", "cat $tmpdir/seen"), ("file", "a b"));
        Assert.Equal("file=a b"u8.ToArray(), chain.ReadBytes(0, 8));
    }

    [Theory]
    [InlineData("")]
    [InlineData("exit 2")]
    public void Without_a_config_script_it_is_refused(string config) => Refused(
        "callback 'file' is unknown, and there is no 'config' callback to handle it",
        [.. config.Length == 0 ? [] : ((string, string)[])[("config", config)], ("file", "disk")]);

    [Theory]
    [InlineData("load")]
    [InlineData("magic_config_key")]
    public void Methods_of_sh_alone_are_no_methods_here(string method) =>
        Refused($"callback '{method}' is unknown", (method, "true"));

    [Theory]
    [InlineData("get_size")]
    [InlineData("missing")]
    public void A_method_is_given_once(string method) =>
        Refused($"method {method} defined more than once on the command line", (method, "true"), (method, "true"));

    [Fact]
    public void A_script_for_missing_methods_takes_their_place()
    {
        using ChainHarness chain = ChainHarness.Open(
            new EvalPlugin(), ("missing", "case $1 in get_size) echo 2M;; can_*) exit 3;; *) exit 2;; esac"),
            ("can_fua", "exit 2"), ("can_cache", "exit 2"));
        Assert.Equal(2UL << 20, chain.Info.Size);
    }

    [Fact]
    public void A_script_sees_its_method_as_the_first_argument()
    {
        using ChainHarness chain = ChainHarness.Open(
            new EvalPlugin(), ("get_size", "echo 1M"), ("pread", "printf %s \"$1 $#\""));
        Assert.Equal("pread 4"u8.ToArray(), chain.ReadBytes(0, 7));
    }

    private static void Refused(string gist, params (string Key, string Value)[] parameters) => Assert.Contains(
        gist,
        Assert.Throws<ConfigException>(() => ChainHarness.Start(new EvalPlugin(), [], parameters)).Message,
        StringComparison.Ordinal);
}
