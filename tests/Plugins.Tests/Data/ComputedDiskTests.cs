// Disks of the data plugin that are computed when they are read, for they repeat themselves too often to be written
// down. Not: what is written down (DataLanguageTests), sizes (DataSizeTests).

using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using NbdFast.Plugins.Data.Contents;
using NbdFast.Plugins.Data.Language;
using NbdFast.Storage;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests.Data;

public sealed class ComputedDiskTests
{
    private const ulong Exabyte = 1UL << 60;
    private const int Rounds = 150;
    private const int Operations = 20;
    private const int ZeroesBehind = 9000;

    [Theory]
    [InlineData("1*0x7fffffffffffffff", long.MaxValue)]
    [InlineData("(1 2 3)*2E", 6 * Exabyte)]
    [InlineData("(\"x\"*1000000000)*1000000000", 1_000_000_000_000_000_000)]
    [InlineData("(1 @4k)*1T", 1UL << 52)]
    [InlineData("((1 @1M)*1G 2)*1k", (1UL << 60) + 1024)]
    [InlineData("</dev/urandom[:512]*1P", 1UL << 59)]
    public void What_is_repeated_is_served_however_large_it_is(string expression, ulong size)
    {
        using ChainHarness chain = DataDisk.Open(expression);
        Assert.Equal(size, chain.Info.Size);
        Assert.Equal(chain.ReadBytes(0, 512), chain.ReadBytes(0, 512));
        Assert.NotEmpty(chain.ReadBytes(size - 4096, 4096));
    }

    [Fact]
    public void Repeated_bytes_are_where_they_belong()
    {
        using ChainHarness chain = DataDisk.Open("9 (1 2 3)*1E ((7 8 @1M)*1G)*1k \"end\"");
        const ulong Thirds = 3 * Exabyte;
        Assert.Equal([9, 1, 2, 3, 1], chain.ReadBytes(0, 5));
        Assert.Equal([2, 3, 7, 8, 0], chain.ReadBytes(Thirds - 1, 5));
        Assert.Equal([0, 7, 8, 0], chain.ReadBytes(Thirds + (777UL << 20), 4));
        Assert.Equal("\0end"u8.ToArray(), chain.ReadBytes(Thirds + Exabyte, 4));
        byte[] many = chain.ReadBytes(1 + (3UL << 40), 3_000_000);
        Assert.All(Enumerable.Range(0, many.Length), i => Assert.Equal((i % 3) + 1, many[i]));
    }

    [Fact]
    public void What_is_written_stays_and_nothing_else_changes()
    {
        using ChainHarness chain = DataDisk.Open("(1 2 3)*1E");
        const ulong Place = (2 * Exabyte) + 4094;
        byte[] before = chain.ReadBytes(Place - 9000, 20_000);
        Assert.Equal(Errno.Ok, chain.Next.Write("xyz"u8, Place, RequestFlags.None));
        "xyz"u8.CopyTo(before.AsSpan(9000));
        Assert.Equal(before, chain.ReadBytes(Place - 9000, 20_000));
        Assert.Equal(Errno.Ok, chain.Next.Zero(5000, Place - 100, RequestFlags.None));
        before.AsSpan(8900, 5000).Clear();
        Assert.Equal(before, chain.ReadBytes(Place - 9000, 20_000));
    }

    [Fact]
    public void All_of_a_huge_disk_can_be_zeroed_at_once()
    {
        using ChainHarness chain = DataDisk.Open("(1 2 3)*2E");
        Assert.Equal(Errno.Ok, chain.Next.Write("kept"u8, 0, RequestFlags.None));
        Assert.Equal(Errno.Ok, chain.Next.Zero((6 * Exabyte) - 5000, 4098, RequestFlags.None));
        Assert.Equal("kept\x2\x3\x1"u8.ToArray(), chain.ReadBytes(0, 7));
        Assert.Equal([2, 3, 0, 0], chain.ReadBytes(4096, 4));
        Assert.All(chain.ReadBytes(3 * Exabyte, 100_000), value => Assert.Equal(0, value));
        Assert.Equal([0, 2], chain.ReadBytes((6 * Exabyte) - 903, 2));
        Assert.Equal(ExtentType.HoleZero, chain.Extents(3 * Exabyte, 1 << 30)[0].Type);
        Assert.Equal(Errno.Ok, chain.Next.Write("new"u8, 5 * Exabyte, RequestFlags.None));
        Assert.Equal("\0new\0"u8.ToArray(), chain.ReadBytes((5 * Exabyte) - 1, 5));
    }

    [Fact]
    public void Holes_between_repetitions_are_told()
    {
        using ChainHarness chain = DataDisk.Open("(1 @5000 2 @1M)*1G");
        Assert.Equal(
            [ExtentType.Data, ExtentType.HoleZero, ExtentType.Data, ExtentType.HoleZero],
            chain.Extents(0, 2 << 20).Select(extent => extent.Type));
        Assert.Equal((1UL << 20) - 8192, chain.Extents((7UL << 40) + 8192, 1 << 20)[0].Length);
    }

    [Fact]
    public void A_file_is_read_at_the_start_and_never_again()
    {
        using TempFolder folder = new();
        byte[] content = new byte[200_000];
        new Random(1).NextBytes(content);
        File.WriteAllBytes(folder.File("f"), content);
        using ChainHarness chain = DataDisk.Open($"(<{folder.File("f")}[:150000] @150001)*1G");
        File.Delete(folder.File("f"));
        Assert.Equal([.. content[..150_000], 0, .. content[..9]], chain.ReadBytes(150_001UL << 20, 150_010));
    }

    [Fact]
    public void Who_asks_for_all_memory_at_once_does_not_get_more_than_there_is() => Assert.Contains(
        "bytes of memory, and only", DataDisk.Refusal("1*1P", ("allocator", "malloc")), StringComparison.Ordinal);

    [Fact]
    public void With_zstd_what_is_written_is_compressed()
    {
        using ChainHarness chain = DataDisk.Open("(1 2)*1P", ("allocator", "zstd"));
        Assert.Equal(Errno.Ok, chain.Next.Write("abc"u8, 1UL << 49, RequestFlags.None));
        Assert.Equal([2, 97, 98, 99, 2, 1], chain.ReadBytes((1UL << 49) - 1, 6));
    }

    [Fact]
    public void Any_expression_reads_and_can_be_written_as_if_it_lay_in_memory()
    {
        Seed seed = new();
        for (int round = 0; round < Rounds; round++)
        {
            RandomExpression expression = new(seed.Random);
            (string text, byte[] bytes) = expression.List(4);
            text = $"({text})*2 @+{ZeroesBehind}";
            byte[] expected = [.. bytes, .. bytes, .. new byte[ZeroesBehind]];
            using ComputedStore disk = Open(text, expression);
            for (int i = 0; i < Operations; i++)
            {
                Change(seed.Random, disk, expected);
                int start = seed.Random.Next(expected.Length);
                byte[] found = new byte[seed.Random.Next(expected.Length - start)];
                Assert.Equal(Errno.Ok, disk.Read(found, (ulong)start));
                Assert.True(
                    found.AsSpan().SequenceEqual(expected.AsSpan(start, found.Length)), $"{seed}: {start} of {text}");
                CheckHoles(disk, expected, start, seed);
            }
        }
    }

    [Fact]
    public async Task Clients_that_write_side_by_side_do_not_disturb_each_other()
    {
        const int Clients = 4;
        const int Bytes = 64 << 10;
        using ChainHarness chain = DataDisk.Open("(1 2 3)*1T");
        // Each has every fourth byte, so that all of them share each page.
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(() =>
        {
            for (int i = client; i < Bytes; i += Clients)
                Assert.Equal(Errno.Ok, chain.Next.Write([(byte)(100 + client)], (ulong)i, RequestFlags.None));
        })));
        byte[] found = chain.ReadBytes(0, Bytes);
        Assert.All(Enumerable.Range(0, Bytes), i => Assert.Equal(100 + (i % Clients), found[i]));
    }

    private static ComputedStore Open(string text, RandomExpression expression)
    {
        Variables variables = new();
        foreach ((string key, string value) in expression.Variables)
            variables.Add(key, Encoding.UTF8.GetBytes(value));
        Shelf shelf = new();
        using Evaluation evaluation = new(variables, shelf);
        Content content = evaluation.Evaluate(new Text(null, Encoding.UTF8.GetBytes(text))).All();
        Assert.Equal(Errno.Ok, SparseStore.TryCreate(content.Length, out SparseStore? written));
        // The zeroes at the end may just as well be those that follow on a content that is shorter than the disk.
        Content kept = shelf.Keep(content.Slice(0, content.Length - (ZeroesBehind / 2)));
        return ComputedStore.Create(kept, written!, shelf);
    }

    private static void Change(Random random, ComputedStore disk, byte[] expected)
    {
        int start = random.Next(expected.Length);
        int count = random.Next(Math.Min(expected.Length - start, 10_000));
        if (random.Next(2) == 0)
        {
            Assert.Equal(Errno.Ok, disk.Zero((ulong)count, (ulong)start));
            expected.AsSpan(start, count).Clear();
            return;
        }

        random.NextBytes(expected.AsSpan(start, count));
        Assert.Equal(Errno.Ok, disk.Write(expected.AsSpan(start, count), (ulong)start));
    }

    private static void CheckHoles(ComputedStore disk, byte[] expected, int start, Seed seed)
    {
        ulong count = (ulong)(expected.Length - start);
        ExtentList extents = new((ulong)start, count);
        Assert.Equal(Errno.Ok, disk.Extents(count, (ulong)start, RequestFlags.None, extents));
        Assert.Equal(expected.Length, (int)extents.Reached);
        for (int i = 0; i < extents.Count; i++)
            if (extents[i].Type == ExtentType.HoleZero)
                Assert.False(
                    expected.AsSpan((int)extents[i].Offset, (int)extents[i].Length).ContainsAnyExcept((byte)0),
                    seed.ToString());
    }
}
