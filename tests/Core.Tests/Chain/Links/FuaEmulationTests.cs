// FUA where the plugin has only flush. Not: zero by writing (ZeroEmulationTests).

using System.Threading.Tasks;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Chain.Links;

public sealed class FuaEmulationTests
{
    private readonly Journal _journal = new();

    [Fact]
    public void Each_changing_request_is_followed_by_a_flush_and_loses_the_flag()
    {
        using var chain = Open(FuaSupport.Emulate);
        Assert.Equal(Errno.Ok, chain.Next.Write(new byte[8], 0, RequestFlags.Fua));
        Assert.Equal(Errno.Ok, chain.Next.Trim(8, 0, RequestFlags.Fua));
        Assert.Equal(Errno.Ok, chain.Next.Zero(8, 0, RequestFlags.Fua | RequestFlags.MayTrim));
        Assert.Equal(
            [
                "plugin: write 8 0 None", "plugin: flush", "plugin: trim 8 0 None", "plugin: flush",
                "plugin: zero 8 0 MayTrim", "plugin: flush",
            ],
            _journal.Take());
    }

    [Fact]
    public void Without_the_flag_nothing_is_flushed()
    {
        using var chain = Open(FuaSupport.Emulate);
        Assert.Equal(Errno.Ok, chain.Next.Write(new byte[8], 0, RequestFlags.None));
        Assert.Equal(["plugin: write 8 0 None"], _journal.Take());
    }

    [Fact]
    public void After_an_error_nothing_is_flushed()
    {
        using var chain = Open(FuaSupport.Emulate, failing: "write");
        Assert.Equal(Errno.EIO, chain.Next.Write(new byte[8], 0, RequestFlags.Fua));
        Assert.Empty(_journal.With("flush"));
    }

    [Fact]
    public void An_error_of_the_flush_is_the_answer()
    {
        using var chain = Open(FuaSupport.Emulate, failing: "flush");
        Assert.Equal(Errno.EIO, chain.Next.Write(new byte[8], 0, RequestFlags.Fua));
    }

    [Fact]
    public void A_plugin_with_native_FUA_gets_the_flag()
    {
        using var chain = Open(FuaSupport.Native);
        Assert.Equal(Errno.Ok, chain.Next.Write(new byte[8], 0, RequestFlags.Fua));
        Assert.Equal(["plugin: write 8 0 Fua"], _journal.Take());
    }

    [Fact]
    public void A_filter_gets_the_flag_and_passes_it_on()
    {
        using var chain = ChainHarness.Open(
            new FakePlugin(journal: _journal), [new FakeFilter("f", Operations.Write, _journal)]);
        Assert.Equal(Errno.Ok, chain.Next.Write(new byte[8], 0, RequestFlags.Fua));
        Assert.Equal(
            ["f: write 8 0 Fua", "plugin: write 8 0 None", "plugin: flush"],
            [.. _journal.With("write"), .. _journal.With("flush")]);
    }

    [Fact]
    public async Task The_async_twins_do_the_same()
    {
        using var chain = Open(FuaSupport.Emulate);
        Assert.Equal(Errno.Ok, await chain.Next.WriteAsync(new byte[8], 0, RequestFlags.Fua));
        Assert.Equal(Errno.Ok, await chain.Next.TrimAsync(8, 0, RequestFlags.Fua));
        Assert.Equal(Errno.Ok, await chain.Next.ZeroAsync(8, 0, RequestFlags.None));
        Assert.Equal(
            [
                "plugin: write 8 0 None", "plugin: flush", "plugin: trim 8 0 None", "plugin: flush",
                "plugin: zero 8 0 None",
            ],
            _journal.Take());
    }

    private ChainHarness Open(FuaSupport fua, string? failing = null)
    {
        ChainHarness chain = ChainHarness.Open(new FakePlugin(journal: _journal)
        {
            Calling = name => name == failing ? Errno.EIO : Errno.Ok,
            Describing = (ref ExportInfo info) => info.Fua = fua,
        });
        _journal.Take();
        return chain;
    }
}
