// The zero plugin: a disk without a byte. Not: a disk of zeroes (null).

using NbdFast.Chain;
using NbdFast.Plugins.Zero;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class ZeroPluginTests
{
    [Fact]
    public void The_disk_is_empty_and_read_only()
    {
        using ChainHarness chain = ChainHarness.Open(new ZeroPlugin());
        Assert.True(chain.Info is
        {
            Size: 0, CanWrite: false, CanFlush: false, CanTrim: false, MultiConn: true, Cache: CacheSupport.Native,
            Fua: FuaSupport.None,
        });
        Assert.Equal(ExecutionPlan.Inline, chain.Plan);
    }

    [Fact]
    public void Parameters_are_refused()
    {
        ConfigException error =
            Assert.Throws<ConfigException>(() => ChainHarness.Open(new ZeroPlugin(), ("size", "1")));
        Assert.Contains("this plugin does not need command line configuration", error.Message);
        Assert.Null(new ZeroPlugin().Table.MagicKey);
    }
}
