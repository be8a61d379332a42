// The sparse-random plugin: where its data lies, what it is, what may be written. The hashes are those that another
// program, written after the plugin's page, came to. Not: the bytes of full randomness (NoiseTests).

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using NbdFast.Chain;
using NbdFast.Plugins.Chance;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class SparseRandomPluginTests
{
    [Fact]
    public void Clients_may_read_and_write_what_is_there_already()
    {
        using ChainHarness chain = Open("1M");
        Assert.True(chain.Info is
        {
            Size: 1UL << 20, CanWrite: true, CanFlush: true, CanTrim: true, CanExtents: true, MultiConn: true,
            CanFastZero: false, Zero: ZeroSupport.Native, Fua: FuaSupport.Native, Cache: CacheSupport.Native,
        });
        Assert.Equal(ExecutionPlan.Inline, chain.Plan);
        Assert.Equal(Errno.Ok, chain.Next.Flush());
    }

    [Theory]
    [InlineData("8G", "1", "", "a159fbfc4d82b5e40c8c57fc9ae3f1a19205e056cd5b0acb7d866baa898dcb03")]
    [InlineData("16M", "7", "1k 50 64k", "8a52393efc5e961ede7eef34e4e1675d7d9b91a9db6d37d6cd3d662d6a140599")]
    [InlineData("4M", "7", "4k 99 4k", "621feeecbac5355e18b29eb9be7dc6c711ce39ed2dba875e1c8ba3fae87b9156")]
    [InlineData("64G", "7", "64k 0.5% 1M", "9ab5744df72ac164620332c00696911d236e941401af1963f9b24a30cf428ca5")]
    [InlineData("1G", "9", "4k 12.5 1000000", "b955dbeab79c1b505a5a21a28e68b692fb6b68ee659164b23ab6d06fc3842da3")]
    public void Where_the_data_of_a_seed_lies_never_changes(string size, string seed, string shape, string hash)
    {
        using ChainHarness chain = Open(size, [("seed", seed), .. Shape(shape)]);
        string runs = string.Join(' ', chain.Extents(0, chain.Info.Size).Select(run =>
            string.Create(CultureInfo.InvariantCulture, $"{run.Offset}-{run.End}{Letter(run)}")));
        Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(runs))));

        static char Letter(Extent run) => run.Type == ExtentType.Data ? 'd' : 'h';
    }

    [Theory]
    [InlineData("false", "3b08f034c50e8111e58c54cedf2a677f9f7cf1ba672847b92bf9004896afef4a")]
    [InlineData("true", "0ec79ca107555ae9f928aec38e418b95cea11845eccd781a19148789edc523cb")]
    public void The_bytes_of_a_seed_never_change(string content, string hash)
    {
        using ChainHarness chain =
            Open("1049353", [("seed", "7"), ("random-content", content), .. Shape("1k 50 64k")]);
        byte[] whole = chain.ReadBytes(0, 1_049_353);
        Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(whole)));
    }

    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public void Extents_agree_with_the_data_and_every_part_with_the_whole(string content)
    {
        Seed seed = new();
        using ChainHarness chain =
            Open("512k", [("seed", $"{(uint)seed.Random.Next()}"), ("random-content", content), .. Shape("1k 50 4k")]);
        byte[] whole = chain.ReadBytes(0, 512 << 10);
        foreach (Extent run in chain.Extents(0, 512 << 10))
            AssertIsAs(run, whole, content == "true", seed);
        for (int i = 0; i < 300; i++)
        {
            int offset = seed.Random.Next(whole.Length);
            int length = seed.Random.Next(1, Math.Min(whole.Length - offset, 20_000) + 1);
            byte[] part = chain.ReadBytes((ulong)offset, length);
            Assert.True(whole.AsSpan(offset, length).SequenceEqual(part), $"{length} bytes at {offset}, {seed}");
            Extent first = chain.Extents((ulong)offset, (ulong)length, RequestFlags.ReqOne)[0];
            Assert.Equal(first.Type == ExtentType.HoleZero, Holds(whole, first.Offset, 0));
        }
    }

    [Theory]
    [InlineData("4k 10 1M", 0.1, 1 << 20)]
    [InlineData("4k 50 256k", 0.5, 256 << 10)]
    [InlineData("1k 90 64k", 0.9, 64 << 10)]
    [InlineData("32k 2.5 100k", 0.025, 100 << 10)]
    public void Percentage_and_length_of_runs_are_about_what_was_asked(string shape, double share, double runBytes)
    {
        using ChainHarness chain = Open("100G", [("seed", "5"), .. Shape(shape)]);
        double[] lengths = [.. Runs(chain, 4UL << 30).Where(run => run.Type == ExtentType.Data)
            .Select(run => (double)run.Length)];
        Assert.InRange(lengths.Sum() / (4UL << 30), share * 0.9, share * 1.1);
        Assert.InRange(lengths.Average(), runBytes * 0.9, runBytes * 1.1);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("50")]
    [InlineData("95")]
    public void The_percentage_holds_even_for_runs_of_one_block(string percent)
    {
        using ChainHarness chain = Open("1G", [("seed", "5"), .. Shape($"4k {percent} 1")]);
        double data = Runs(chain, 1 << 30).Where(run => run.Type == ExtentType.Data).Sum(run => (double)run.Length);
        double share = int.Parse(percent, CultureInfo.InvariantCulture) / 100.0;
        Assert.InRange(data / (1 << 30), share * 0.95, share * 1.05);
    }

    [Theory]
    [InlineData("0", ExtentType.HoleZero)]
    [InlineData("100", ExtentType.Data)]
    public void Nothing_and_all_are_one_run(string percent, ExtentType type)
    {
        using ChainHarness chain = Open("9223372036854775807", ("percent", percent));
        Assert.Equal([new Extent(0, long.MaxValue, type)], chain.Extents(0, long.MaxValue));
    }

    [Theory]
    [InlineData("")]
    [InlineData("4k 1e-300 16M")]
    [InlineData("1k 99.9999999999999 7E")]
    [InlineData("4611686018427387904 50 1")]
    [InlineData("1k 50 1")]
    public void The_largest_disk_has_a_last_byte(string shape)
    {
        const ulong End = long.MaxValue;
        using ChainHarness chain = Open($"{End}", [("seed", "1"), .. Shape(shape)]);
        byte[] bytes = chain.ReadBytes(End - 100_000, 100_000);
        Assert.Equal(Errno.Ok, chain.Next.Write(bytes, End - 100_000, RequestFlags.None));
        Extent last = chain.Extents(End - 1, 1)[0];
        Assert.Equal((End, last.Type == ExtentType.Data), (last.End, bytes[^1] != 0));
    }

    [Fact]
    public void Blocks_are_filled_with_any_byte_but_zero()
    {
        using ChainHarness chain = Open("64M", ("percent", "100"), ("blocksize", "1k"), ("seed", "2"));
        byte[] whole = chain.ReadBytes(0, 64 << 20);
        HashSet<byte> seen = [.. Enumerable.Range(0, whole.Length / 1024).Select(block => whole[block * 1024])];
        Assert.Equal(Enumerable.Range(1, 255).Select(value => (byte)value), seen.Order());
    }

    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public void A_write_must_bring_what_is_there_already(string content)
    {
        using ChainHarness chain = Open("1M", [("random-content", content), ("seed", "3"), .. Shape("4k 50 16k")]);
        byte[] data = chain.ReadBytes(1001, 1_000_000);
        Assert.Equal(Errno.Ok, chain.Next.Write(data, 1001, RequestFlags.None));
        for (int at = 0; at < data.Length; at += 34_567)
        {
            data[at] ^= 1;
            Assert.Equal(Errno.EIO, chain.Next.Write(data, 1001, RequestFlags.None));
            Assert.Contains($"data written does not match expected at offset {at + 1001}", Log.TakeLastError());
            data[at] ^= 1;
        }
    }

    [Fact]
    public void Holes_may_be_trimmed_and_zeroed_but_no_byte_of_data()
    {
        using ChainHarness chain = Open("4M", [("seed", "3"), .. Shape("4k 50 64k")]);
        IReadOnlyList<Extent> runs = chain.Extents(0, 4 << 20);
        Assert.Contains(runs, run => run.Type == ExtentType.Data);
        Log.ForgetLastError();
        foreach (Extent hole in runs.Where(run => run.Type == ExtentType.HoleZero))
        {
            Assert.Equal(Errno.Ok, chain.Next.Zero(hole.Length, hole.Offset, RequestFlags.MayTrim));
            Assert.Equal(Errno.Ok, chain.Next.Trim(hole.Length - 1, hole.Offset + 1, RequestFlags.Fua));
            Assert.Null(Log.TakeLastError());
            if (hole.End == 4 << 20)
                continue;
            Assert.Equal(Errno.EIO, chain.Next.Zero(hole.Length + 1, hole.Offset, RequestFlags.None));
            Assert.Equal(Errno.EIO, chain.Next.Trim(1, hole.End, RequestFlags.None));
            Assert.Contains($"trying to trim or zero non-hole in disk at offset {hole.End}", Log.TakeLastError());
        }
    }

    [Theory]
    [InlineData("blocksize", "512", "blocksize must be a power of two, at least 1024 (512)")]
    [InlineData("blocksize", "5000", "blocksize must be a power of two, at least 1024 (5000)")]
    [InlineData("percent", "101", "cannot parse percent parameter: 101")]
    [InlineData("percent", "-1", "cannot parse percent parameter: -1")]
    [InlineData("percent", "nan", "cannot parse percent parameter: nan")]
    [InlineData("percent", "", "cannot parse percent parameter: ")]
    [InlineData("runlength", "0", "runlength parameter must be > 0")]
    [InlineData("seed", "-1", "negative numbers are not allowed")]
    [InlineData("random-content", "maybe", "could not decipher boolean (maybe)")]
    public void Wrong_parameters_are_explained(string key, string value, string message)
    {
        ConfigException error = Assert.Throws<ConfigException>(() => Open("1M", (key, value)));
        Assert.EndsWith(message, error.Message);
    }

    private static void AssertIsAs(Extent run, byte[] whole, bool anyContent, Seed seed)
    {
        ReadOnlySpan<byte> bytes = whole.AsSpan((int)run.Offset, (int)run.Length);
        Assert.True(run.Offset % 1024 == 0 && run.Length % 1024 == 0, $"{run}, {seed}");
        if (run.Type == ExtentType.HoleZero)
        {
            Assert.False(bytes.ContainsAnyExcept((byte)0), $"{run}, {seed}");
            return;
        }

        for (int at = 0; at < bytes.Length; at += 1024)
        {
            ReadOnlySpan<byte> block = bytes.Slice(at, 1024);
            Assert.True(anyContent == block.ContainsAnyExcept(block[0]), $"{run} at {at}, {seed}");
            Assert.True(anyContent || block[0] != 0, $"{run} at {at}, {seed}");
        }
    }

    // Whether the block in which a position lies holds one byte alone.
    private static bool Holds(byte[] whole, ulong offset, byte value) =>
        !whole.AsSpan((int)offset & ~1023, 1024).ContainsAnyExcept(value);

    private static IEnumerable<Extent> Runs(ChainHarness chain, ulong end) =>
        chain.Extents(0, end).Select(run => run with { Length = Math.Min(run.End, end) - run.Offset });

    // "BLOCKSIZE PERCENT RUNLENGTH", or nothing.
    private static IEnumerable<(string Key, string Value)> Shape(string text) => text.Length == 0
        ? []
        : text.Split(' ').Zip(["blocksize", "percent", "runlength"], (value, key) => (key, value));

    private static ChainHarness Open(string size, params (string Key, string Value)[] options) =>
        ChainHarness.Open(new SparseRandomPlugin(), [("size", size), .. options]);
}
