// reduce-memory-pressure: what stays in the page cache. Not: the data, which is the same with and without.

using System;
using System.IO;
using Microsoft.Win32.SafeHandles;
using NbdFast.Native;
using NbdFast.Plugins.Files;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class FileMemoryPressureTests : IDisposable
{
    private const int DiskBytes = 8 << 20;
    private const int Page = 4096;
    private const ulong Tmpfs = 0x01021994;

    private readonly TempFolder _folder = new();

    private string Disk => _folder.File("disk");

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("reduce-memory-pressure", "true", 65_536)]
    [InlineData("cache", "none", 1 << 20)]
    [InlineData("cache", "none", 1000)]
    public void What_was_written_leaves_the_cache(string key, string value, int piece)
    {
        TempDisk.CreateSparse(Disk, DiskBytes);
        byte[] data = RandomData();
        using (ChainHarness chain = Open((key, value)))
            for (int at = 0; at < DiskBytes; at += piece)
                Assert.Equal(
                    Errno.Ok,
                    chain.Next.Write(data.AsSpan(at, Math.Min(piece, DiskBytes - at)), (ulong)at, RequestFlags.None));
        Assert.Equal(0, CachedPages());
        Assert.Equal(data, File.ReadAllBytes(Disk));
    }

    [SkippableTheory]
    [InlineData(65_536)]
    [InlineData(1 << 20)]
    [InlineData(1000)]
    public void What_was_read_leaves_the_cache(int piece)
    {
        TempDisk.CreateRandom(Disk, DiskBytes);
        byte[] seen = new byte[DiskBytes];
        using ChainHarness chain = Open(("reduce-memory-pressure", "true"));
        Assert.Equal(Errno.Ok, chain.Next.Flush());   // Only clean pages can be dropped.
        for (int at = 0; at < DiskBytes; at += piece)
            Assert.Equal(Errno.Ok, chain.Next.Read(seen.AsSpan(at, Math.Min(piece, DiskBytes - at)), (ulong)at));
        Assert.InRange(CachedPages(), 0, (1 << 20) / Page);   // The last window stays until the connection ends.
        Assert.Equal(File.ReadAllBytes(Disk), seen);
    }

    [SkippableTheory]
    [InlineData("reduce-memory-pressure", "false")]
    [InlineData("cache", "default")]
    public void Without_it_the_cache_keeps_what_was_written(string key, string value)
    {
        TempDisk.CreateSparse(Disk, DiskBytes);
        using (ChainHarness chain = Open((key, value)))
            Assert.Equal(Errno.Ok, chain.Next.Write(RandomData(), 0, RequestFlags.None));
        Assert.InRange(CachedPages(), DiskBytes / Page / 2, DiskBytes / Page);
    }

    [Fact]
    public void The_last_of_the_two_spellings_counts()
    {
        using FilePlugin plugin = new();
        Assert.True(plugin.Config("cache", "none"));
        Assert.True(plugin.ReduceMemoryPressure);
        Assert.True(plugin.Bind("reduce-memory-pressure", "false"));
        Assert.False(plugin.ReduceMemoryPressure);
    }

    private ChainHarness Open((string, string) parameter) =>
        ChainHarness.Open(new FilePlugin(), ("file", Disk), parameter);

    private static byte[] RandomData()
    {
        byte[] data = new byte[DiskBytes];
        new Seed(4).Random.NextBytes(data);
        return data;
    }

    private int CachedPages()
    {
        Requires.Tools("fincore");
        using SafeFileHandle file = File.OpenHandle(Disk);
        Assert.Equal(Errno.Ok, Libc.FileSystemKind((int)file.DangerousGetHandle(), out ulong kind));
        Skip.If(kind == Tmpfs, "temporary files are kept in memory here");
        return int.Parse(SystemCommand.Run("fincore", "--noheadings", "--output", "PAGES", Disk).Succeeded().Trim());
    }
}
