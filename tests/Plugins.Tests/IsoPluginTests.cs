// The iso plugin with the programs that are there. Not: what is in the image (Interop).

using System.IO;
using System.Linq;
using NbdFast.Chain;
using NbdFast.Plugins.Iso;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class IsoPluginTests
{
    [Theory]
    [InlineData("xorriso")]
    [InlineData("genisoimage")]
    public void Clients_may_only_read(string program)
    {
        Requires.Tools(program);
        using TempFolder folder = new();
        File.WriteAllText(folder.File("hello.txt"), "hello");
        using ChainHarness chain = ChainHarness.Open(new IsoPlugin(), ("dir", folder.Path), ("prog", program));
        Assert.True(chain.Info is
        {
            CanWrite: false, CanFlush: false, CanTrim: false, MultiConn: true, Cache: CacheSupport.Native,
        });
        Assert.Equal("CD001"u8.ToArray(), chain.ReadBytes(0x8001, 5));
        Assert.Equal(chain.Info.Size, chain.Extents(0, chain.Info.Size).Aggregate(0UL, (sum, one) => sum + one.Length));
    }

    [Theory]
    [InlineData("prog", "false", "false: command failed with exit code 1")]
    [InlineData("prog", "nosuchprogram", "nosuchprogram: command failed with exit code 127")]
    [InlineData("prog", "it's $(not) one", "it's $(not) one: command failed with exit code 127")]
    [InlineData("prog", "", "prog must not be empty")]
    [InlineData("params", "; kill -9 $$", "xorriso: command was killed by signal 9")]
    [InlineData("dir", "/nonexistent", "dir: realpath: /nonexistent: No such file or directory")]
    public void What_goes_wrong_is_told_at_the_start(string key, string value, string message)
    {
        Requires.Tools("xorriso");
        using TempFolder folder = new();
        ConfigException error = Assert.Throws<ConfigException>(
            () => ChainHarness.Open(new IsoPlugin(), ("dir", folder.Path), (key, value)));
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void A_directory_is_required()
    {
        ConfigException error = Assert.Throws<ConfigException>(() => ChainHarness.Open(new IsoPlugin()));
        Assert.Equal("you must specify dir=<DIRECTORY> on the command line", error.Message);
        Assert.Equal("dir", new IsoPlugin().Table.MagicKey);
    }
}
