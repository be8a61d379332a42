// What answers of scripts mean: exit codes, errors, output. Not: which calls come when (ShPluginTests).

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using NbdFast.Chain;
using NbdFast.Plugins.Scripts;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class ScriptAnswerTests
{
    private const string Zeroes = "head -c $3 /dev/zero";

    [Theory]
    [InlineData("echo ENOSPC full >&2; exit 1", Errno.ENOSPC)]
    [InlineData("echo ENOSPC >&2; exit 1", Errno.ENOSPC)]
    [InlineData("printf 'enospc\\tfull' >&2; exit 1", Errno.ENOSPC)]
    [InlineData("echo EOPNOTSUPP >&2; exit 1", Errno.ENOTSUP)]
    [InlineData("echo EDQUOT >&2; exit 16", Errno.EDQUOT)]
    [InlineData("echo EROFS >&2; exit 255", Errno.EROFS)]
    [InlineData("echo ENOSPCX full >&2; exit 1", Errno.EIO)]
    [InlineData("echo ' ENOSPC' >&2; exit 1", Errno.EIO)]
    [InlineData("exit 1", Errno.EIO)]
    [InlineData("exit 9", Errno.EIO)]
    [InlineData("exit 15", Errno.EIO)]
    [InlineData("exit 255", Errno.EIO)]
    [InlineData("exit 2", Errno.EIO)]
    [InlineData("exit 3", Errno.EIO)]
    [InlineData("exit 5", Errno.ESHUTDOWN)]
    [InlineData("echo EPERM >&2; exit 5", Errno.EPERM)]
    [InlineData("exit 6", Errno.ESHUTDOWN)]
    [InlineData("exit 8", Errno.ESHUTDOWN)]
    [InlineData("echo EPERM >&2; exit 8", Errno.EPERM)]
    [InlineData("kill -9 $$", Errno.EIO)]
    [InlineData("echo ENOSPC >&2; kill -TERM $$", Errno.ENOSPC)]
    [InlineData("true", Errno.EIO)]
    [InlineData("head -c 511 /dev/zero", Errno.EIO)]
    [InlineData("head -c 513 /dev/zero", Errno.EIO)]
    [InlineData("head -c 3000000 /dev/zero", Errno.EIO)]
    [InlineData(Zeroes + "; exit 1", Errno.EIO)]
    [InlineData("echo ENOSPC >&2; " + Zeroes, Errno.Ok)]
    [InlineData(Zeroes + "; exit 4", Errno.Ok)]
    [InlineData(Zeroes + "; exit 7", Errno.Ok)]
    public void The_exit_code_and_the_errno_on_standard_error_decide(string script, Errno expected)
    {
        using ChainHarness chain = Open(("get_size", "echo 1M"), ("pread", script));
        Assert.Equal(expected, chain.Next.Read(new byte[512], 0));
    }

    [Theory]
    [InlineData("exit 6", true)]
    [InlineData("exit 7", false)]
    [InlineData("exit 8", false)]
    public void Some_exit_codes_disconnect_the_client(string script, bool isForced)
    {
        List<bool> disconnects = [];
        ClientInfo client = new();
        client.OnDisconnect(disconnects.Add);
        using ChainHarness chain = ChainHarness.Start(
            new EvalPlugin(), [], ("get_size", "echo 1M"), ("flush", script));
        Assert.Equal(Errno.Ok, chain.Connect(out _, client: client));
        _ = chain.Next.Flush();
        Assert.Equal([isForced], disconnects);
    }

    [Theory]
    [InlineData("exit 0")]
    [InlineData("exec <&-; sleep 0.1")]
    [InlineData("head -c 10 >/dev/null")]
    [InlineData("cat >/dev/null")]
    [InlineData("cat | cat >&2")]
    [InlineData("head -c 1000000 /dev/zero >&2; head -c 1000000 /dev/zero; cat >/dev/null")]
    [InlineData("cat")]
    public void A_script_may_take_its_input_in_any_way(string script)
    {
        using ChainHarness chain = Open(("get_size", "echo 64M"), ("pwrite", script));
        Assert.Equal(Errno.Ok, chain.Next.Write(new byte[8 << 20], 0, RequestFlags.None));
    }

    [Fact]
    public void Bytes_pass_both_ways_as_they_are()
    {
        using ChainHarness chain = Open(
            ("get_size", "echo 4M"), ("pwrite", "cat >$tmpdir/disk"), ("pread", "cat $tmpdir/disk"));
        byte[] data = new byte[4 << 20];
        new Random(1).NextBytes(data);
        Assert.Equal(Errno.Ok, chain.Next.Write(data, 0, RequestFlags.None));
        Assert.Equal(data, chain.ReadBytes(0, data.Length));
    }

    [Theory]
    [InlineData("printf h", "<h>")]
    [InlineData("echo h", "<h>")]
    [InlineData("printf 'h\\n\\n'", "<h\n>")]
    [InlineData("printf 'a b'", "<a b>")]
    [InlineData("true", "<>")]
    [InlineData("exit 2", "<>")]
    [InlineData("printf 'a\\000b'", "<a>")]
    public void The_handle_comes_back_as_it_was_printed(string open, string expected)
    {
        using ChainHarness chain = Open(
            ("get_size", "echo 1M"), ("open", open), ("pread", "printf '<%s>' \"$2\""));
        Assert.Equal(expected, Encoding.UTF8.GetString(chain.ReadBytes(0, expected.Length)));
    }

    [Fact]
    public void A_handle_may_be_any_bytes()
    {
        using ChainHarness chain = Open(
            ("get_size", "echo 1M"), ("open", "printf '\\377\\200h'"), ("pread", "printf %s \"$2\""));
        Assert.Equal([0xff, 0x80, (byte)'h'], chain.ReadBytes(0, 3));
    }

    [Fact]
    public void Standard_input_is_empty_where_nothing_is_written()
    {
        using ChainHarness chain = Open(("get_size", "echo 1M"), ("pread", "cat; " + Zeroes));
        Assert.Equal(new byte[512], chain.ReadBytes(0, 512));
    }

    [Theory]
    [InlineData("echo 0 1M", "0+1048576 Data")]
    [InlineData(
        "echo 0 512k hole,zero; echo; echo '# comment'; echo ' 512k  512k'",
        "0+524288 HoleZero, 524288+524288 Data")]
    [InlineData("printf '0\\t512K\\tzero\\r\\n512K 512K 3\\n'", "0+524288 Zero, 524288+524288 HoleZero")]
    [InlineData("echo 0 2M hole", "0+1048576 Hole")]
    public void Extents_are_lines(string script, string expected)
    {
        using ChainHarness chain = Open(("get_size", "echo 1M"), ("extents", script));
        Assert.Equal(
            expected,
            string.Join(", ", chain.Extents(0, 1 << 20)
                .Select(e => $"{e.Offset}+{Math.Min(e.Length, (1 << 20) - e.Offset)} {e.Type}")));
    }

    [Theory]
    [InlineData("echo 0")]
    [InlineData("echo x 1M")]
    [InlineData("echo 0 x")]
    [InlineData("echo 0 1M nonsense")]
    [InlineData("echo 0 1M 1x")]
    [InlineData("echo 4k 1M")]
    [InlineData("echo 0 4k; echo 8k 4k")]
    [InlineData("exit 2")]
    [InlineData("exit 3")]
    public void Extents_that_make_no_sense_are_an_error(string script)
    {
        using ChainHarness chain = Open(("get_size", "echo 1M"), ("extents", script));
        Assert.Throws<InvalidOperationException>(() => chain.Extents(0, 1 << 20));
    }

    private static ChainHarness Open(params (string Key, string Value)[] parameters) =>
        ChainHarness.Open(new EvalPlugin(), parameters);
}
