// The limits of what a layer may describe. Not: the defaults (CapabilitiesTests).

using System;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Chain;

public sealed class DescriptionRulesTests
{
    [Theory]
    [InlineData(0, 0, 0, true)]
    [InlineData(1, 512, 4096, true)]
    [InlineData(65536, 65536, uint.MaxValue, true)]
    [InlineData(512, 33554432, 33554432, true)]
    [InlineData(1, 512, 1000, true)]
    [InlineData(0, 512, 1024, false)]
    [InlineData(3, 512, 4098, false)]
    [InlineData(131072, 131072, 1048576, false)]
    [InlineData(1, 256, 4096, false)]
    [InlineData(1, 1000, 4096, false)]
    [InlineData(1, 67108864, uint.MaxValue, false)]
    [InlineData(1, 4096, 512, false)]
    [InlineData(1024, 512, 4096, false)]
    [InlineData(512, 512, 1000, false)]
    [InlineData(512, 4096, 0, false)]
    public void Block_sizes_are_checked(uint minimum, uint preferred, uint maximum, bool allowed)
    {
        using var chain = ChainHarness.Start(new FakePlugin { Describing = Set }, []);
        Assert.Equal(allowed ? Errno.Ok : Errno.EINVAL, chain.Connect(out _));

        void Set(ref ExportInfo info) =>
            (info.BlockMinimum, info.BlockPreferred, info.BlockMaximum) = (minimum, preferred, maximum);
    }

    [Theory]
    [InlineData(long.MaxValue, true)]
    [InlineData(long.MaxValue + 1ul, false)]
    public void A_disk_is_smaller_than_2_to_the_63rd(ulong size, bool allowed)
    {
        using var chain = ChainHarness.Start(
            new FakePlugin { Describing = (ref ExportInfo info) => info.Size = size }, []);
        Assert.Equal(allowed ? Errno.Ok : Errno.EINVAL, chain.Connect(out _));
    }

    [Theory]
    [InlineData(4096, true)]
    [InlineData(4097, false)]
    public void A_description_that_is_too_long_is_left_out(int length, bool shown)
    {
        string text = new('d', length);
        using var chain = ChainHarness.Open(
            new FakePlugin { Describing = (ref ExportInfo info) => info.Description = text });
        Assert.Equal(shown ? text : null, chain.Info.Description);
    }

    [Fact]
    public void A_filters_description_is_checked_too()
    {
        var journal = new Journal();
        using var chain = ChainHarness.Start(
            new FakePlugin(journal: journal),
            [new FakeFilter("f") { Describing = (ref ExportInfo info) => info.BlockMinimum = 7 }]);
        Assert.Equal(Errno.EINVAL, chain.Connect(out _));
        Assert.Contains("plugin: close", journal.Lines, StringComparer.Ordinal);
    }
}
