// The bytes that follow from a seed, pinned: numbers of the generators' authors, and those that another program,
// written after the page of the random plugin, came to. Not: the plugins that serve them (RandomPluginTests).

using System;
using System.Buffers.Binary;
using System.Linq;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using NbdFast.Plugins.Chance;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class NoiseTests
{
    [Fact]
    public void The_sequence_is_that_of_SplitMix64()
    {
        ulong state = 1234567;
        ulong[] published =
        [
            6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821,
        ];
        for (int i = 0; i < published.Length; i++)
        {
            Assert.Equal(published[i], SplitMix64.At(1234567, (ulong)i));
            Assert.Equal(published[i], SplitMix64.Next(ref state));
        }
    }

    [Fact]
    public void Each_of_the_eight_generators_is_xoshiro256()
    {
        ulong[] states = new ulong[32];
        for (int i = 0; i < states.Length; i++)
            states[i] = (ulong)(i / 8) + 1;
        ulong[] published =
        [
            41943041, 58720359, 3588806011781223, 3591011842654386, 9228616714210784205, 9973669472204895162,
            14011001112246962877, 12406186145184390807, 15849039046786891736, 10450023813501588000,
        ];
        byte[] block = new byte[NoiseBlock.Bytes];
        NoiseBlock.FillOneByOne(block, states);
        for (int turn = 0; turn < published.Length; turn++)
            for (int generator = 0; generator < 8; generator++)
                Assert.Equal(
                    published[turn],
                    BinaryPrimitives.ReadUInt64LittleEndian(block.AsSpan((turn * 64) + (generator * 8))));
    }

    [Fact]
    public void Vectors_of_any_width_make_the_same_block()
    {
        Seed seed = new();
        ulong[] states = new ulong[32];
        for (int i = 0; i < states.Length; i++)
            states[i] = (ulong)seed.Random.NextInt64(long.MinValue, long.MaxValue);
        byte[] expected = new byte[NoiseBlock.Bytes];
        byte[] seen = new byte[NoiseBlock.Bytes];
        NoiseBlock.FillOneByOne(expected, states);
        NoiseBlock.FillByTwos(seen, states);
        Assert.True(expected.AsSpan().SequenceEqual(seen), $"by twos, {seed}");
        if (!Avx2.IsSupported)
            return;
        seen.AsSpan().Clear();
        NoiseBlock.FillByFours(seen, states);
        Assert.True(expected.AsSpan().SequenceEqual(seen), $"by fours, {seed}");
    }

    [Theory]
    [InlineData(0UL, 0UL, 8192, "22371bf3f424dccded81b36580c744bab0a6706a5e8dc1e27651fe68a8e09708")]
    [InlineData(1UL, 0UL, 8192, "f9b5d66e2bdad584841fbf3681257014ee57d899ecaa7c417c0756a3df61deef")]
    [InlineData(7UL, 20480UL, 8192, "7c9c4cc876f83353bcf0bd7a022fece91c0a837d49c81065204a79abb27c4f50")]
    [InlineData(7UL, 12345UL, 1000, "916ee1fe5ff977db7df508f1cd0056c41e6f9b3676593fafd27cc355cedcec52")]
    [InlineData(4294967295UL, 1UL << 62, 8192, "a144c6c5084d810993086c2029d57383e6794c5e5dbc8cbb9a10eecc52466ff7")]
    public void The_bytes_of_a_seed_never_change(ulong seed, ulong offset, int length, string hash)
    {
        byte[] bytes = new byte[length];
        new Noise(seed).Fill(bytes, offset);
        Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    [Theory]
    [InlineData(0UL, 0UL, "c6aacbc373d52a9ea9e3454a81dc0791a5f721ee17bf1cd996fc670347c5491b")]
    [InlineData(7UL, 1UL, "c321b9a3dc4a7d05ed68ba6f59d9ac1f98e3a04afd8841eec969437264508a11")]
    [InlineData(7UL, 1UL << 53, "7c2046ef661e2838823e372d3f99223917a3dbb57415bb947f375b768042776f")]
    public void The_repeated_sector_of_a_seed_never_changes(ulong seed, ulong number, string hash)
    {
        byte[] bytes = new byte[512];
        new RepeatedSector(seed).Fill(bytes, number * 512);
        Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    [Theory]
    [InlineData("fast=false")]
    [InlineData("fast=true")]
    [InlineData("percent=50", "runlength=64k")]
    [InlineData("percent=50", "runlength=4k", "random-content=true")]
    public void Requests_allocate_nothing(params string[] options)
    {
        using Plugin plugin = options[0].StartsWith("fast", StringComparison.Ordinal)
            ? new RandomPlugin()
            : new SparseRandomPlugin();
        foreach (string[] option in options.Append("size=1M").Append("seed=1").Select(text => text.Split('=')))
            Assert.True(plugin.Bind(option[0], option[1]));
        plugin.ConfigComplete();
        byte[] buffer = new byte[100_000];
        Assert.Equal(0, HeapUse.Of(50, Go));

        void Go()
        {
            _ = plugin.Read(buffer, 777);
            if (plugin.Write(buffer, 777, RequestFlags.None) != Errno.Ok)
                throw new InvalidOperationException("a write of what is there failed");
        }
    }

    [Fact]
    public void Noise_looks_random()
    {
        byte[] bytes = new byte[1 << 20];
        new Noise(42).Fill(bytes, 1 << 30);
        long[] counts = new long[256];
        long ones = 0;
        foreach (byte value in bytes)
        {
            counts[value]++;
            ones += byte.PopCount(value);
        }

        // 4096 of each expected, with a standard deviation of 64; half of all bits, with one of 1448.
        Assert.All(counts, count => Assert.InRange(count, 4096 - 512, 4096 + 512));
        Assert.InRange(ones, (4 << 20) - 12_000, (4 << 20) + 12_000);
    }
}
