// The nozero filter against its page. Not: the server's own emulation (Chain/Links/ZeroEmulation).

using System;
using System.Linq;
using NbdFast.Testing;

namespace NbdFast.Filters.Tests;

public sealed class NozeroFilterTests
{
    private const Operations WithoutZero = Operations.All & ~Operations.Zero;

    [Theory]
    [InlineData("none", "default", ZeroSupport.None, false)]
    [InlineData("none", "none", ZeroSupport.None, false)]
    [InlineData("none", "slow", ZeroSupport.None, false)]
    [InlineData("none", "ignore", ZeroSupport.None, false)]
    [InlineData("emulate", "default", ZeroSupport.Emulate, true)]
    [InlineData("emulate", "none", ZeroSupport.Emulate, false)]
    [InlineData("emulate", "slow", ZeroSupport.Emulate, true)]
    [InlineData("emulate", "ignore", ZeroSupport.Native, true)]
    [InlineData("notrim", "default", ZeroSupport.Native, true)]
    [InlineData("notrim", "none", ZeroSupport.Native, false)]
    [InlineData("notrim", "slow", ZeroSupport.Native, true)]
    [InlineData("notrim", "ignore", ZeroSupport.Native, true)]
    [InlineData("plugin", "default", ZeroSupport.Native, true)]
    [InlineData("plugin", "none", ZeroSupport.Native, false)]
    [InlineData("plugin", "slow", ZeroSupport.Native, true)]
    [InlineData("plugin", "ignore", ZeroSupport.Native, true)]
    public void Each_pair_of_modes_advertises_what_its_page_says(
        string mode, string fastMode, ZeroSupport zero, bool canFastZero)
    {
        using ChainHarness chain = Open(new Journal(), mode, fastMode);
        Assert.Equal(zero, chain.Info.Zero);
        Assert.Equal(canFastZero, chain.Info.CanFastZero);
    }

    [Theory]
    [InlineData("notrim")]
    [InlineData("plugin")]
    public void The_default_for_fast_ones_leaves_them_to_a_plugin_that_has_none(string mode)
    {
        var plugin = new FakePlugin { Describing = (ref ExportInfo info) => info.CanFastZero = false };
        using var chain = ChainHarness.Open(plugin, [new NozeroFilter()], ("zero-mode", mode));
        Assert.False(chain.Info.CanFastZero);
    }

    [Fact]
    public void Without_parameters_zero_requests_are_not_advertised()
    {
        using var chain = ChainHarness.Open(new FakePlugin(), [new NozeroFilter()]);
        Assert.Equal(ZeroSupport.None, chain.Info.Zero);
        Assert.False(chain.Info.CanFastZero);
    }

    [Theory]
    [InlineData("emulate", "default", "MayTrim", "write 512 1024 None")]
    [InlineData("emulate", "default", "Fua", "write 512 1024 Fua")]
    [InlineData("emulate", "default", "FastZero", "ENOTSUP")]
    [InlineData("emulate", "slow", "FastZero, MayTrim", "ENOTSUP")]
    [InlineData("emulate", "ignore", "FastZero, MayTrim", "write 512 1024 None")]
    [InlineData("emulate", "ignore", "FastZero, Fua", "write 512 1024 Fua")]
    [InlineData("notrim", "default", "MayTrim", "zero 512 1024 None")]
    [InlineData("notrim", "default", "MayTrim, Fua, FastZero", "zero 512 1024 Fua, FastZero")]
    [InlineData("notrim", "slow", "MayTrim, FastZero", "ENOTSUP")]
    [InlineData("notrim", "ignore", "MayTrim, FastZero", "zero 512 1024 None")]
    [InlineData("plugin", "default", "MayTrim, FastZero", "zero 512 1024 MayTrim, FastZero")]
    [InlineData("plugin", "slow", "MayTrim", "zero 512 1024 MayTrim")]
    [InlineData("plugin", "slow", "FastZero", "ENOTSUP")]
    [InlineData("plugin", "ignore", "MayTrim, FastZero", "zero 512 1024 MayTrim")]
    public void Each_pair_of_modes_passes_on_what_its_page_says(
        string mode, string fastMode, string flags, string expected)
    {
        var journal = new Journal();
        using ChainHarness chain = Open(journal, mode, fastMode);
        journal.Take();
        Errno errno = chain.Next.Zero(512, 1024, Enum.Parse<RequestFlags>(flags));
        if (expected == "ENOTSUP")
        {
            Assert.Equal(Errno.ENOTSUP, errno);
            Assert.Empty(journal.Lines);
            return;
        }

        Assert.Equal(Errno.Ok, errno);
        Assert.Equal([$"plugin: {expected}"], journal.Lines);
    }

    [Theory]
    [InlineData("ignore", FuaSupport.Native)]
    [InlineData("ignore", FuaSupport.Emulate)]
    [InlineData("default", FuaSupport.Native)]
    public void Emulation_writes_zeroes_over_just_the_range(string fastMode, FuaSupport fua)
    {
        var journal = new Journal();
        byte[] disk = Enumerable.Repeat((byte)0xff, 1 << 20).ToArray();
        var plugin = new FakePlugin(journal: journal)
        {
            Disk = disk,
            Describing = (ref ExportInfo info) =>
            {
                info.Fua = fua;
                info.BlockMinimum = 1;
                info.BlockPreferred = 4096;
                info.BlockMaximum = 32768;
            },
        };
        using var chain = ChainHarness.Open(
            plugin, [new NozeroFilter()], ("zero-mode", "emulate"), ("fast-zero-mode", fastMode));
        journal.Take();
        Assert.Equal(Errno.Ok, chain.Next.Zero(300_001, 777, RequestFlags.Fua | RequestFlags.MayTrim));
        Assert.All(disk[..777], value => Assert.Equal(0xff, value));
        Assert.All(disk[777..300_778], value => Assert.Equal(0, value));
        Assert.All(disk[300_778..], value => Assert.Equal(0xff, value));

        // No write is longer than the layer takes, and where FUA is a flush, there is one flush.
        Assert.Equal(10, journal.With("write").Count);
        Assert.Equal(fua == FuaSupport.Native ? 10 : 0, journal.With("Fua").Count);
        Assert.Equal(fua == FuaSupport.Native ? 0 : 1, journal.With("flush").Count);
    }

    [Fact]
    public void An_error_of_an_emulating_write_is_the_answer_and_ends_it()
    {
        int left = 2;
        var journal = new Journal();
        var plugin = new FakePlugin(journal: journal)
        {
            Calling = callback => callback == "write" && left-- == 0 ? Errno.ENOSPC : Errno.Ok,
        };
        using var chain = ChainHarness.Open(
            plugin, [new NozeroFilter()], ("zero-mode", "emulate"), ("fast-zero-mode", "ignore"));
        Assert.Equal(Errno.ENOSPC, chain.Next.Zero(1 << 20, 0, RequestFlags.None));
        Assert.Equal(3, journal.With("write").Count);
    }

    [Fact]
    public void Zero_requests_over_4_GiB_pass()
    {
        var plugin = new LendingPlugin(1UL << 62);
        using var chain = ChainHarness.Open(plugin, [new NozeroFilter()], ("zero-mode", "notrim"));
        Assert.Equal(Errno.Ok, chain.Next.Zero(1UL << 61, 1UL << 60, RequestFlags.MayTrim));
        Assert.Equal(1UL << 60, plugin.LastOffset);
    }

    [Theory]
    [InlineData("notrim")]
    [InlineData("plugin")]
    public void Passing_on_is_refused_over_a_plugin_without_zero(string mode)
    {
        var refused = Assert.Throws<InvalidOperationException>(
            () => ChainHarness.Open(new FakePlugin(WithoutZero), [new NozeroFilter()], ("zeromode", mode)));
        Assert.Equal($"open: EINVAL: zeromode '{mode}' requires plugin zero support", refused.Message);
    }

    [Theory]
    [InlineData("notrim")]
    [InlineData("plugin")]
    public void A_client_that_only_reads_is_let_in_all_the_same(string mode)
    {
        using var chain = ChainHarness.Start(new FakePlugin(WithoutZero), [new NozeroFilter()], ("zero-mode", mode));
        Assert.Equal(Errno.Ok, chain.Connect(out _, readOnly: true));
    }

    [Fact]
    public void The_older_names_of_the_parameters_work_and_the_last_one_wins()
    {
        using var chain = ChainHarness.Open(
            new FakePlugin(),
            [new NozeroFilter()],
            ("zero-mode", "none"), ("zeromode", "plugin"), ("fastzeromode", "slow"), ("fast-zero-mode", "none"));
        Assert.Equal(ZeroSupport.Native, chain.Info.Zero);
        Assert.False(chain.Info.CanFastZero);
    }

    [Theory]
    [InlineData("zero-mode", "slow")]
    [InlineData("zeromode", "no-trim")]
    [InlineData("fast-zero-mode", "fast")]
    [InlineData("fastzeromode", "plugin")]
    public void A_mode_that_does_not_exist_is_refused(string key, string value)
    {
        var refused = Assert.Throws<ConfigException>(
            () => ChainHarness.Start(new FakePlugin(), [new NozeroFilter()], (key, value)));
        Assert.Contains(value, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Requests_allocate_nothing()
    {
        using ChainHarness chain = SevenRequests.Open(
            new NozeroFilter(), ("zero-mode", "emulate"), ("fast-zero-mode", "ignore"));
        Assert.Equal(0, new SevenRequests(chain).Allocate());
    }

    private static ChainHarness Open(Journal journal, string mode, string fastMode) => ChainHarness.Open(
        new FakePlugin(journal: journal)
        {
            Describing = (ref ExportInfo info) =>
            {
                info.Fua = FuaSupport.Native;
                info.CanFastZero = true;
            },
        },
        [new NozeroFilter()],
        ("zero-mode", mode),
        ("fast-zero-mode", fastMode));
}
