// The random plugin as clients see it. Not: which bytes a seed stands for (NoiseTests).

using System;
using System.Threading.Tasks;
using NbdFast.Chain;
using NbdFast.Plugins.Chance;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class RandomPluginTests
{
    [Fact]
    public void Clients_may_read_and_write_what_is_there_already()
    {
        using ChainHarness chain = Open("1M");
        Assert.True(chain.Info is
        {
            Size: 1UL << 20, CanWrite: true, CanFlush: false, CanTrim: true, MultiConn: true, CanFastZero: false,
            Zero: ZeroSupport.Native, Fua: FuaSupport.None, Cache: CacheSupport.Native,
        });
        Assert.Equal(ExecutionPlan.Inline, chain.Plan);
    }

    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public void Any_part_of_the_disk_is_the_same_however_it_is_read(string fast)
    {
        Seed seed = new();
        using ChainHarness chain = Open("256k", ("seed", "7"), ("fast", fast));
        byte[] whole = chain.ReadBytes(0, 256 << 10);
        for (int i = 0; i < 300; i++)
        {
            int offset = seed.Random.Next(whole.Length);
            int longest = Math.Min(whole.Length - offset, seed.Random.Next(2) == 0 ? 600 : 20_000);
            int length = seed.Random.Next(1, longest + 1);
            Assert.True(
                whole.AsSpan(offset, length).SequenceEqual(chain.ReadBytes((ulong)offset, length)),
                $"{length} bytes at {offset}, {seed}");
        }
    }

    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public void A_seed_gives_the_same_disk_again_and_others_give_others(string fast)
    {
        using ChainHarness seven = Open("64k", ("seed", "7"), ("fast", fast));
        using ChainHarness again = Open("1M", ("seed", "0x7"), ("fast", fast));
        using ChainHarness eight = Open("64k", ("seed", "8"), ("fast", fast));
        using ChainHarness any = Open("64k", ("fast", fast));
        using ChainHarness other = Open("64k", ("fast", fast));
        byte[] bytes = seven.ReadBytes(0, 65536);
        Assert.Equal(bytes, again.ReadBytes(0, 65536));
        Assert.NotEqual(bytes, eight.ReadBytes(0, 65536));
        Assert.NotEqual(any.ReadBytes(0, 65536), other.ReadBytes(0, 65536));
    }

    [Fact]
    public void In_fast_mode_no_two_sectors_are_the_same()
    {
        using ChainHarness chain = Open("256k", ("seed", "7"), ("fast", "true"));
        byte[] whole = chain.ReadBytes(0, 256 << 10);
        for (int one = 0; one < whole.Length; one += 512)
            for (int other = 0; other < one; other += 512)
                Assert.False(whole.AsSpan(one, 512).SequenceEqual(whole.AsSpan(other, 512)), $"{one} and {other}");
    }

    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public void A_write_must_bring_what_is_there_already(string fast)
    {
        using ChainHarness chain = Open("1M", ("fast", fast));
        byte[] data = chain.ReadBytes(1001, 100_000);
        Assert.Equal(Errno.Ok, chain.Next.Write(data, 1001, RequestFlags.None));
        foreach (int at in new[] { 0, 3094, 3095, 3096, 65_535, 99_999 })
        {
            data[at] ^= 1;
            Assert.Equal(Errno.EIO, chain.Next.Write(data, 1001, RequestFlags.None));
            Assert.Contains($"data written does not match expected at offset {at + 1001}", Log.TakeLastError());
            data[at] ^= 1;
        }
    }

    [Fact]
    public void There_is_nothing_to_trim_or_to_zero()
    {
        using ChainHarness chain = Open("1M");
        Assert.Equal(Errno.EIO, chain.Next.Zero(512, 512, RequestFlags.MayTrim));
        Assert.Equal(Errno.EIO, chain.Next.Trim(512, 512, RequestFlags.None));
        Assert.Contains("attempt to trim or zero non-sparse random disk", Log.TakeLastError());
    }

    [Fact]
    public void The_largest_disk_has_a_last_byte()
    {
        using ChainHarness chain = Open("9223372036854775807", ("seed", "1"));
        byte[] end = chain.ReadBytes(long.MaxValue - 10_000, 10_000);
        Assert.Equal(end[^1], chain.ReadBytes(long.MaxValue - 1, 1)[0]);
        Assert.Equal(Errno.Ok, chain.Next.Write(end, long.MaxValue - 10_000, RequestFlags.None));
    }

    [Fact]
    public void Threads_do_not_disturb_each_other()
    {
        using ChainHarness chain = Open("64k", ("seed", "3"));
        byte[] whole = chain.ReadBytes(0, 65536);
        Parallel.For(0, 4, _ =>
        {
            byte[] buffer = new byte[10_000];
            for (int offset = 0; offset < 50_000; offset += 777)
            {
                Assert.Equal(Errno.Ok, chain.Next.Read(buffer, (ulong)offset));
                Assert.True(whole.AsSpan(offset, buffer.Length).SequenceEqual(buffer), $"{offset}");
            }
        });
    }

    [Theory]
    [InlineData("seed", "-1", "seed: negative numbers are not allowed")]
    [InlineData("seed", "4294967296", "seed: could not parse number: \"4294967296\": Numerical result out of range")]
    [InlineData("seed", "often", "seed: could not parse number: \"often\"")]
    [InlineData("fast", "perhaps", "fast: could not decipher boolean (perhaps)")]
    public void Wrong_parameters_are_explained(string key, string value, string message)
    {
        ConfigException error = Assert.Throws<ConfigException>(() => Open("1M", (key, value)));
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void The_size_is_required()
    {
        ConfigException error = Assert.Throws<ConfigException>(() => ChainHarness.Open(new RandomPlugin()));
        Assert.Equal("you must specify size=<SIZE> on the command line", error.Message);
        Assert.Equal("size", new RandomPlugin().Table.MagicKey);
    }

    private static ChainHarness Open(string size, params (string Key, string Value)[] options) =>
        ChainHarness.Open(new RandomPlugin(), [("size", size), .. options]);
}
