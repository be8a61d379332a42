// The sh plugin: its parameters, the order and the arguments of its calls. Not: what answers mean (ScriptAnswerTests).

using System;
using System.IO;
using System.Linq;
using NbdFast.Chain;
using NbdFast.Plugins.Scripts;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class ShPluginTests
{
    private const string Noting = """
        #!/bin/sh
        note() { for a in "$@"; do printf '<%s>' "$a"; done; echo; }
        note "$@" >>$dir/log
        case "$1" in
            magic_config_key) echo file ;;
            open) echo 'handle 1' ;;
            get_size) echo 1M ;;
            pread) head -c "$3" /dev/zero ;;
            pwrite) cat >/dev/null ;;
            can_fua | can_cache) echo native ;;
            extents) echo 0 1M hole,zero ;;
            block_size) echo 1 4k 1M ;;
            default_export) echo first ;;
            thread_model) echo parallel ;;
        esac
        """;

    [Fact]
    public void Methods_are_called_in_order_with_their_arguments()
    {
        using ScriptFile script = new(Noting);
        using (ChainHarness chain = ChainHarness.Open(new ShPlugin(), ("script", script.Path), ("a", "b c")))
            Assert.Equal(1UL << 20, chain.Info.Size);
        Assert.Equal(
            [
                "<load>", "<magic_config_key>", "<config><a><b c>", "<config_complete>", "<thread_model>",
                "<get_ready>", "<coprocess>", "<after_fork>", "<preconnect><false>", "<default_export><false><false>",
                "<open><false><first><false>",
            ],
            script.Noted[..11]);
        Assert.Equal("<get_size><handle 1>", script.Noted[11]);
        Assert.Equal(["<close><handle 1>", "<unload>"], script.Noted[^2..]);
    }

    [Fact]
    public void Requests_carry_handle_count_offset_and_flags()
    {
        using ScriptFile script = new(Noting);
        using ChainHarness chain = ChainHarness.Open(new ShPlugin(), ("script", script.Path));
        int before = script.Noted.Length;
        byte[] block = new byte[512];
        Assert.Equal(Errno.Ok, chain.Next.Read(block, 1024));
        Assert.Equal(Errno.Ok, chain.Next.Write(block, 512, RequestFlags.None));
        Assert.Equal(Errno.Ok, chain.Next.Write(block, 512, RequestFlags.Fua));
        Assert.Equal(Errno.Ok, chain.Next.Flush());
        Assert.Equal(Errno.Ok, chain.Next.Trim(4096, 0, RequestFlags.Fua));
        Assert.Equal(Errno.Ok, chain.Next.Zero(1, 2, RequestFlags.None));
        Assert.Equal(
            Errno.Ok, chain.Next.Zero(1, 2, RequestFlags.Fua | RequestFlags.MayTrim | RequestFlags.FastZero));
        Assert.Equal(Errno.Ok, chain.Next.Cache(5, 6));
        chain.Extents(0, 1 << 20, RequestFlags.ReqOne);
        Assert.Equal(
            [
                "<pread><handle 1><512><1024>", "<pwrite><handle 1><512><512><>", "<pwrite><handle 1><512><512><fua>",
                "<flush><handle 1>", "<trim><handle 1><4096><0><fua>", "<zero><handle 1><1><2><>",
                "<zero><handle 1><1><2><fua,may_trim,fast>", "<cache><handle 1><5><6>",
                "<extents><handle 1><1048576><0><req_one>",
            ],
            script.Noted[before..]);
    }

    [Fact]
    public void A_disk_opened_for_reading_is_not_asked_about_writes()
    {
        using ScriptFile script = new(Noting);
        using ChainHarness chain = ChainHarness.Start(new ShPlugin(), [], ("script", script.Path));
        Assert.Equal(Errno.Ok, chain.Connect(out _, readOnly: true));
        Assert.False(chain.Info.CanWrite);
        Assert.Contains("<open><true><first><false>", script.Noted);
        Assert.DoesNotContain(
            script.Noted,
            line => line.StartsWith("<can_write>", StringComparison.Ordinal)
                || line.StartsWith("<can_zero>", StringComparison.Ordinal));
    }

    [Fact]
    public void A_bare_argument_after_the_script_gets_the_key_that_the_script_wants()
    {
        using ScriptFile script = new(Noting);
        ChainHarness.Start(new ShPlugin(), [], ("script", script.Path), ("script", "disk")).Dispose();
        Assert.Contains("<config><file><disk>", script.Noted);
    }

    [Fact]
    public void A_bare_argument_that_the_script_has_no_key_for_is_refused()
    {
        using ScriptFile script = new("exit 2");
        Refused("expecting key=value on the command line but got: disk", ("script", script.Path), ("script", "disk"));
    }

    [Fact]
    public void A_script_without_config_takes_no_parameters()
    {
        using ScriptFile script = new("exit 2");
        Refused("this plugin does not need command line configuration", ("script", script.Path), ("a", "b"));
    }

    [Fact]
    public void The_script_is_required() => Refused("missing script parameter");

    [Fact]
    public void The_script_comes_first() =>
        Refused("the first parameter must be script=/path/to/script", ("a", "b"), ("script", "/bin/true"));

    [Fact]
    public void A_script_that_is_not_there_is_refused() => Refused("No such file", ("script", "/nonexistent/script"));

    [Fact]
    public void A_script_that_is_not_executable_is_refused()
    {
        using ScriptFile script = new("#!/bin/sh\nexit 2", isExecutable: false);
        Refused($"{script.Path}: Permission denied", ("script", script.Path));
    }

    [Fact]
    public void An_interpreter_that_is_not_there_is_told_of()
    {
        using ScriptFile script = new("#!/nonexistent/interpreter\n");
        Refused($"{script.Path}: No such file or directory", ("script", script.Path));
    }

    [Theory]
    [InlineData("load")]
    [InlineData("magic_config_key")]
    [InlineData("config_complete")]
    [InlineData("thread_model")]
    [InlineData("get_ready")]
    [InlineData("after_fork")]
    public void An_error_before_serving_ends_the_start(string method)
    {
        using ScriptFile script = new($"case $1 in {method}) echo ENOSPC no way >&2; exit 1;; esac; exit 2");
        Refused($"{script.Path}: no way", ("script", script.Path));
    }

    [Theory]
    [InlineData("echo serialize_connections", ThreadModel.SerializeConnections)]
    [InlineData("echo serialize_all_requests", ThreadModel.SerializeAllRequests)]
    [InlineData("echo serialize_requests", ThreadModel.SerializeRequests)]
    [InlineData("echo parallel", ThreadModel.Parallel)]
    [InlineData("printf parallel", ThreadModel.Parallel)]
    [InlineData("echo PARALLEL", ThreadModel.Parallel)]
    [InlineData("echo serialize-requests", ThreadModel.SerializeRequests)]
    [InlineData("echo nonsense", ThreadModel.SerializeAllRequests)]
    [InlineData("exit 2", ThreadModel.SerializeAllRequests)]
    public void The_script_chooses_its_thread_model(string answer, ThreadModel expected)
    {
        using ScriptFile script = new($"case $1 in thread_model) {answer};; *) exit 2;; esac");
        using ChainHarness chain = ChainHarness.Start(new ShPlugin(), [], ("script", script.Path));
        Assert.Equal(expected, chain.Config.ThreadModel);
    }

    [Fact]
    public void The_folder_of_the_script_lasts_as_long_as_the_plugin()
    {
        using ScriptFile script = new("""
            case $1 in
                load) echo "$tmpdir" >>$dir/log; mkdir -p "$tmpdir/sub"; : >"$tmpdir/sub/$(printf '\377')" ;;
                unload) [ -d "$tmpdir/sub" ] && echo there >>$dir/log ;;
                *) exit 2 ;;
            esac
            """);
        ChainHarness.Start(new ShPlugin(), [], ("script", script.Path)).Dispose();
        Assert.Equal("there", script.Noted[1]);
        Assert.StartsWith("/tmp/", script.Noted[0]);
        Assert.False(Directory.Exists(script.Noted[0]));
    }

    [Fact]
    public void Fields_of_the_script_follow_the_largest_exit_code()
    {
        using ScriptFile script = new("case $1 in dump_plugin) echo a=b;; *) exit 2;; esac");
        using ChainHarness chain = ChainHarness.Start(new ShPlugin(), [], ("script", script.Path));
        using StringWriter fields = new();
        chain.Config.Plugin.DumpFields(fields);
        Assert.Equal("max_known_status=8\na=b\n", fields.ToString());
    }

    [Fact]
    public void Without_a_script_the_fields_can_still_be_told()
    {
        using ShPlugin plugin = new();
        using StringWriter fields = new();
        plugin.DumpFields(fields);
        Assert.Equal("max_known_status=8\n", fields.ToString());
        Assert.Equal(ThreadModel.Parallel, plugin.EffectiveThreadModel);
        Assert.Equal("script", plugin.Table.MagicKey);
        Assert.Contains("unload", plugin.Table.Callbacks.Order());
    }

    private static void Refused(string gist, params (string Key, string Value)[] parameters) => Assert.Contains(
        gist,
        Assert.Throws<ConfigException>(() => ChainHarness.Start(new ShPlugin(), [], parameters)).Message,
        StringComparison.Ordinal);
}
