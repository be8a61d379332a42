// The pattern plugin against the manual's description of its pattern. Not: other patterns (data, random).

using System;
using System.Linq;
using NbdFast.Chain;
using NbdFast.Plugins.Pattern;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class PatternPluginTests
{
    [Fact]
    public void Clients_may_read_and_write_what_is_there_already()
    {
        using ChainHarness chain = Open("1M");
        Assert.True(chain.Info is
        {
            Size: 1UL << 20, CanWrite: true, CanFlush: false, CanTrim: false, MultiConn: true,
            Zero: ZeroSupport.Emulate, Fua: FuaSupport.None, Cache: CacheSupport.Native,
        });
        Assert.Equal(ExecutionPlan.Inline, chain.Plan);
    }

    [Fact]
    public void Each_word_is_its_own_offset()
    {
        using ChainHarness chain = Open("1M");
        Assert.Equal("00000000000000000000000000000008", Hex(chain, 0, 16));
        Assert.Equal("00000000000000200000000000000028", Hex(chain, 0x20, 16));
        Assert.Equal("28000000000000", Hex(chain, 0x2f, 7));
    }

    [Fact]
    public void The_upper_bits_are_laid_over_each_word()
    {
        using ChainHarness chain = Open("1M", ("upper", "0x1234"));
        Assert.Equal("12340000000000201234000000000028", Hex(chain, 0x20, 16));
    }

    [Fact]
    public void With_a_stride_words_stand_at_the_begin_of_blocks_only()
    {
        using ChainHarness chain = Open("1M", ("stride", "4k"), ("upper", "1"));
        Assert.Equal("00000000000000000001000000001000" + "0000", Hex(chain, 0x1000 - 8, 18));
        Assert.Equal("000020000000", Hex(chain, 0x2004, 6));
    }

    [Theory]
    [InlineData("", 0UL, 0UL)]
    [InlineData("8", 0UL, 0xfffUL)]
    [InlineData("16", 0UL, 0UL)]
    [InlineData("4096", 0x8001UL, 1UL << 60)]
    [InlineData("1M", 3UL, (1UL << 62) - 100_000)]
    public void Any_part_of_the_disk_is_what_the_definition_says(string stride, ulong upper, ulong around)
    {
        (string, string)[] options = stride.Length == 0 ? [] : [("stride", stride), ("upper", $"{upper}")];
        using ChainHarness chain = Open("9223372036854775807", options);
        Seed seed = new();
        ulong distance = stride switch { "" => 8, "1M" => 1 << 20, _ => ulong.Parse(stride) };
        for (int i = 0; i < 300; i++)
        {
            ulong offset = around + (ulong)seed.Random.Next(200_000);
            byte[] seen = chain.ReadBytes(offset, seed.Random.Next(1, seed.Random.Next(2) == 0 ? 30 : 20_000));
            byte[] expected =
                [.. Enumerable.Range(0, seen.Length).Select(at => ByteAt(offset + (ulong)at, distance, upper))];
            Assert.True(expected.AsSpan().SequenceEqual(seen), $"{seen.Length} bytes at {offset}, {seed}");
        }
    }

    [Fact]
    public void The_last_word_is_cut_where_the_disk_ends()
    {
        using ChainHarness chain = Open("9223372036854775807");
        Assert.Equal("7ffffffffffffff07fffffffffffff", Hex(chain, 0x7ffffffffffffff0, 15));
    }

    [Fact]
    public void A_write_must_bring_what_is_there_already()
    {
        using ChainHarness chain = Open("1M", ("stride", "512"));
        byte[] data = chain.ReadBytes(1001, 10_000);
        Assert.Equal(Errno.Ok, chain.Next.Write(data, 1001, RequestFlags.None));
        data[9999] ^= 1;
        Assert.Equal(Errno.EIO, chain.Next.Write(data, 1001, RequestFlags.None));
        Assert.Equal(Errno.Ok, chain.Next.Zero(504, 8, RequestFlags.MayTrim));
        Assert.Equal(Errno.EIO, chain.Next.Zero(512, 512, RequestFlags.MayTrim));
    }

    [Fact]
    public void A_random_upper_part_is_the_same_throughout_a_run_and_never_zero()
    {
        for (int i = 0; i < 50; i++)
            Assert.NotEqual(0, UpperBits.Parse("random").Value);
        using ChainHarness chain = Open("1M", ("upper", "random"));
        Assert.Equal(Hex(chain, 0, 2), Hex(chain, 4096, 2));
        Assert.NotEqual("0000", Hex(chain, 0, 2));
    }

    [Theory]
    [InlineData("stride", "0", "stride must be a power of two, at least 8 (0)")]
    [InlineData("stride", "4", "stride must be a power of two, at least 8 (4)")]
    [InlineData("stride", "12", "stride must be a power of two, at least 8 (12)")]
    [InlineData("upper", "-1", "upper: negative numbers are not allowed")]
    [InlineData("upper", "65536", "upper: ")]
    [InlineData("upper", "often", "upper: ")]
    public void Wrong_parameters_are_explained(string key, string value, string message)
    {
        ConfigException error = Assert.Throws<ConfigException>(() => Open("1M", (key, value)));
        Assert.StartsWith(message, error.Message);
    }

    [Fact]
    public void The_size_is_required()
    {
        ConfigException error = Assert.Throws<ConfigException>(() => ChainHarness.Open(new PatternPlugin()));
        Assert.Equal("you must specify size=<SIZE> on the command line", error.Message);
        Assert.Equal("size", new PatternPlugin().Table.MagicKey);
    }

    // The definition, byte by byte.
    private static byte ByteAt(ulong offset, ulong stride, ulong upper)
    {
        ulong inBlock = offset % stride;
        if (inBlock >= 8)
            return 0;
        ulong word = (offset - inBlock) ^ (upper << 48);
        return (byte)(word >> (int)(56 - (8 * inBlock)));
    }

    private static ChainHarness Open(string size, params (string Key, string Value)[] options) =>
        ChainHarness.Open(new PatternPlugin(), [("size", size), .. options]);

    private static string Hex(ChainHarness chain, ulong offset, int count) =>
        Convert.ToHexStringLower(chain.ReadBytes(offset, count));
}
