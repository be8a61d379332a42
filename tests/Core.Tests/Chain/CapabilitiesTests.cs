// What follows from overrides alone, against the defaults in nbdkit-plugin(3). Not: what a plugin describes.

using NbdFast.Chain;

namespace NbdFast.Core.Tests.Chain;

public sealed class CapabilitiesTests
{
    [Fact]
    public void A_plugin_that_only_reads_can_nothing_else()
    {
        ExportInfo info = Capabilities.Of(Operations.Read);
        Assert.False(info.CanWrite || info.CanFlush || info.CanTrim || info.CanExtents);
        Assert.False(info.Rotational || info.MultiConn);
        Assert.Equal(FuaSupport.None, info.Fua);
        Assert.Equal(CacheSupport.None, info.Cache);
    }

    [Fact]
    public void Zero_is_emulated_and_answers_fast_unless_it_is_overridden()
    {
        ExportInfo info = Capabilities.Of(Operations.Read | Operations.Write);
        Assert.Equal(ZeroSupport.Emulate, info.Zero);
        Assert.True(info.CanFastZero);
    }

    [Fact]
    public void An_overridden_zero_is_native_and_fast_only_if_the_plugin_says_so()
    {
        ExportInfo info = Capabilities.Of(Operations.Read | Operations.Zero);
        Assert.Equal(ZeroSupport.Native, info.Zero);
        Assert.False(info.CanFastZero);
    }

    [Fact]
    public void An_overridden_flush_emulates_FUA() =>
        Assert.Equal(FuaSupport.Emulate, Capabilities.Of(Operations.Flush).Fua);

    [Fact]
    public void An_overridden_cache_is_native() =>
        Assert.Equal(CacheSupport.Native, Capabilities.Of(Operations.Cache).Cache);

    [Fact]
    public void Write_flush_trim_and_extents_can_be_used_where_they_are_overridden()
    {
        ExportInfo info = Capabilities.Of(Operations.All);
        Assert.True(info.CanWrite && info.CanFlush && info.CanTrim && info.CanExtents);
    }
}
