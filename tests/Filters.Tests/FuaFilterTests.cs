// The fua filter against its page. Not: the server's own emulation (Chain/Links/FuaEmulation).

using System;
using System.Linq;
using NbdFast.Testing;

namespace NbdFast.Filters.Tests;

public sealed class FuaFilterTests
{
    private const Operations WithoutFlush = Operations.All & ~Operations.Flush;

    [Theory]
    [InlineData("none", FuaSupport.Native, FuaSupport.None)]
    [InlineData("emulate", FuaSupport.Native, FuaSupport.Emulate)]
    [InlineData("native", FuaSupport.Native, FuaSupport.Native)]
    [InlineData("force", FuaSupport.Native, FuaSupport.Native)]
    [InlineData("pass", FuaSupport.Native, FuaSupport.Native)]
    [InlineData("discard", FuaSupport.Native, FuaSupport.Native)]
    [InlineData("none", FuaSupport.Emulate, FuaSupport.None)]
    [InlineData("emulate", FuaSupport.Emulate, FuaSupport.Emulate)]
    [InlineData("native", FuaSupport.Emulate, FuaSupport.Native)]
    [InlineData("force", FuaSupport.Emulate, FuaSupport.Native)]
    [InlineData("pass", FuaSupport.Emulate, FuaSupport.Emulate)]
    [InlineData("discard", FuaSupport.Emulate, FuaSupport.Native)]
    [InlineData("pass", FuaSupport.None, FuaSupport.None)]
    [InlineData("none", FuaSupport.None, FuaSupport.None)]
    [InlineData("discard", FuaSupport.None, FuaSupport.Native)]
    public void Each_mode_advertises_what_its_page_says(string mode, FuaSupport below, FuaSupport above)
    {
        using ChainHarness chain = Open(below, new Journal(), ("fua-mode", mode));
        Assert.Equal(above, chain.Info.Fua);
        Assert.True(chain.Info.CanFlush);
    }

    [Fact]
    public void Without_a_mode_FUA_is_not_advertised()
    {
        using ChainHarness chain = Open(FuaSupport.Native, new Journal());
        Assert.Equal(FuaSupport.None, chain.Info.Fua);
    }

    [Theory]
    [InlineData("none", "", "write 1 0 None|trim 1 0 None|zero 1 0 None|flush")]
    [InlineData("emulate", "Fua", "write 1 0 None|flush|trim 1 0 None|flush|zero 1 0 None|flush|flush")]
    [InlineData("emulate", "", "write 1 0 None|trim 1 0 None|zero 1 0 None|flush")]
    [InlineData("native", "Fua", "write 1 0 Fua|trim 1 0 Fua|zero 1 0 Fua|flush")]
    [InlineData("native", "", "write 1 0 None|trim 1 0 None|zero 1 0 None|flush")]
    [InlineData("force", "Fua", "write 1 0 Fua|trim 1 0 Fua|zero 1 0 Fua")]
    [InlineData("force", "", "write 1 0 Fua|trim 1 0 Fua|zero 1 0 Fua")]
    [InlineData("pass", "Fua", "write 1 0 Fua|trim 1 0 Fua|zero 1 0 Fua|flush")]
    [InlineData("pass", "", "write 1 0 None|trim 1 0 None|zero 1 0 None|flush")]
    [InlineData("discard", "Fua", "write 1 0 None|trim 1 0 None|zero 1 0 None")]
    [InlineData("discard", "", "write 1 0 None|trim 1 0 None|zero 1 0 None")]
    public void Each_mode_passes_on_what_its_page_says(string mode, string sent, string expected)
    {
        var journal = new Journal();
        using ChainHarness chain = Open(FuaSupport.Native, journal, ("fua-mode", mode));
        RequestFlags flags = sent == "Fua" ? RequestFlags.Fua : RequestFlags.None;
        journal.Take();
        Assert.Equal(Errno.Ok, chain.Next.Write(new byte[1], 0, flags));
        Assert.Equal(Errno.Ok, chain.Next.Trim(1, 0, flags));
        Assert.Equal(Errno.Ok, chain.Next.Zero(1, 0, flags));
        Assert.Equal(Errno.Ok, chain.Next.Flush());
        Assert.Equal(expected.Split('|').Select(call => $"plugin: {call}"), journal.Lines);
    }

    [Fact]
    public void Over_a_plugin_whose_FUA_is_a_flush_native_and_force_still_flush_once()
    {
        var journal = new Journal();
        using ChainHarness chain = Open(FuaSupport.Emulate, journal, ("fua-mode", "force"));
        journal.Take();
        Assert.Equal(Errno.Ok, chain.Next.Write(new byte[1], 0, RequestFlags.None));
        Assert.Equal(["plugin: write 1 0 None", "plugin: flush"], journal.Lines);
    }

    [Fact]
    public void A_failed_write_is_not_followed_by_the_emulated_flush()
    {
        var journal = new Journal();
        var plugin = new FakePlugin(journal: journal)
        {
            Calling = callback => callback == "write" ? Errno.ENOSPC : Errno.Ok,
        };
        using var chain = ChainHarness.Open(plugin, [new FuaFilter()], ("fua-mode", "emulate"));
        Assert.Equal(Errno.ENOSPC, chain.Next.Write(new byte[1], 0, RequestFlags.Fua));
        Assert.Empty(journal.With("flush"));
    }

    [Fact]
    public void An_error_of_the_emulated_flush_is_the_answer()
    {
        var plugin = new FakePlugin { Calling = callback => callback == "flush" ? Errno.EIO : Errno.Ok };
        using var chain = ChainHarness.Open(plugin, [new FuaFilter()], ("fua-mode", "emulate"));
        Assert.Equal(Errno.EIO, chain.Next.Write(new byte[1], 0, RequestFlags.Fua));
    }

    [Theory]
    [InlineData("emulate", "fuamode 'emulate' requires plugin flush support")]
    [InlineData("native", "fuamode 'native' requires plugin fua support")]
    [InlineData("force", "fuamode 'force' requires plugin fua support")]
    public void A_mode_that_the_plugin_cannot_bear_is_refused(string mode, string message)
    {
        var refused = Assert.Throws<InvalidOperationException>(
            () => ChainHarness.Open(new FakePlugin(WithoutFlush), [new FuaFilter()], ("fua-mode", mode)));
        Assert.Equal($"open: EINVAL: {message}", refused.Message);
    }

    [Theory]
    [InlineData("emulate")]
    [InlineData("native")]
    [InlineData("force")]
    public void A_client_that_only_reads_is_let_in_all_the_same(string mode)
    {
        using var chain = ChainHarness.Start(new FakePlugin(WithoutFlush), [new FuaFilter()], ("fua-mode", mode));
        Assert.Equal(Errno.Ok, chain.Connect(out _, readOnly: true));
        Assert.False(chain.Info.CanWrite);
    }

    [Fact]
    public void Discard_advertises_a_flush_that_the_plugin_does_not_have()
    {
        using var chain = ChainHarness.Open(new FakePlugin(WithoutFlush), [new FuaFilter()], ("fua-mode", "discard"));
        Assert.True(chain.Info.CanFlush);
        Assert.Equal(Errno.Ok, chain.Next.Flush());
    }

    [Theory]
    [InlineData("pass", "true", 1)]
    [InlineData("discard", "true", 1)]
    [InlineData("none", "true", 1)]
    [InlineData("pass", "false", 0)]
    public void Flush_on_close_flushes_when_the_client_goes(string mode, string onClose, int flushes)
    {
        var journal = new Journal();
        using ChainHarness chain = Open(FuaSupport.Native, journal, ("fua-mode", mode), ("flush-on-close", onClose));
        Assert.Empty(journal.With("flush"));
        chain.First.Dispose();
        Assert.Equal(flushes, journal.With("flush").Count);
    }

    [Fact]
    public void Flush_on_close_is_refused_without_flush()
    {
        var refused = Assert.Throws<InvalidOperationException>(
            () => ChainHarness.Open(new FakePlugin(WithoutFlush), [new FuaFilter()], ("flush-on-close", "true")));
        Assert.Equal("open: EINVAL: flush-on-close requires plugin flush support", refused.Message);
    }

    [Fact]
    public void The_older_name_of_the_parameter_works_and_the_last_one_wins()
    {
        using ChainHarness chain = Open(FuaSupport.Native, new Journal(), ("fua-mode", "pass"), ("fuamode", "emulate"));
        Assert.Equal(FuaSupport.Emulate, chain.Info.Fua);
    }

    [Theory]
    [InlineData("fua-mode", "sometimes")]
    [InlineData("fuamode", "Pass!")]
    [InlineData("flush-on-close", "perhaps")]
    public void A_value_that_does_not_exist_is_refused(string key, string value)
    {
        var refused = Assert.Throws<ConfigException>(
            () => ChainHarness.Start(new FakePlugin(), [new FuaFilter()], (key, value)));
        Assert.Contains(value, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Requests_allocate_nothing()
    {
        using ChainHarness chain = SevenRequests.Open(new FuaFilter(), ("fua-mode", "force"));
        Assert.Equal(0, new SevenRequests(chain).Allocate());
    }

    private static ChainHarness Open(FuaSupport below, Journal journal, params (string, string)[] parameters) =>
        ChainHarness.Open(
            new FakePlugin(journal: journal) { Describing = (ref ExportInfo info) => info.Fua = below },
            [new FuaFilter()],
            parameters);
}
