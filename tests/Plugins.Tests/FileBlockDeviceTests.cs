// Block devices, by way of loop devices; skipped where there are none. Not: regular files.

using System;
using System.IO;
using NbdFast.Native;
using NbdFast.Plugins.Files;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class FileBlockDeviceTests : IDisposable
{
    private const int DiskBytes = 4 << 20;

    private readonly TempFolder _folder = new();

    private string Image => _folder.File("image");

    public FileBlockDeviceTests() => TempDisk.CreateRandom(Image, DiskBytes);

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void A_device_is_served_with_its_size_and_its_block_sizes()
    {
        using LoopDevice device = LoopDevice.Attach(Image);
        using ChainHarness chain = Open(device);
        ExportInfo info = chain.Info;
        Assert.Equal((ulong)DiskBytes, info.Size);
        Assert.Equal(512u, info.BlockMinimum);
        Assert.InRange(info.BlockPreferred, 4096u, 32u << 20);
        Assert.Equal(uint.MaxValue, info.BlockMaximum);
        Assert.False(info.CanExtents);
        Assert.Equal(File.ReadAllBytes(Image), chain.ReadBytes(0, DiskBytes));
    }

    [SkippableFact]
    public void The_least_request_is_the_devices_logical_block()
    {
        using LoopDevice device = LoopDevice.Attach(Image, sectorBytes: 4096);
        using ChainHarness chain = Open(device);
        Assert.Equal(4096u, chain.Info.BlockMinimum);
    }

    [SkippableTheory]
    [InlineData(RequestFlags.None)]
    [InlineData(RequestFlags.Fua)]
    public void What_is_written_reaches_the_device(RequestFlags flags)
    {
        using LoopDevice device = LoopDevice.Attach(Image);
        byte[] data = new byte[70_001];
        new Seed(3).Random.NextBytes(data);
        using (ChainHarness chain = Open(device))
        {
            Assert.Equal(Errno.Ok, chain.Next.Write(data, 12_345, flags));
            Assert.Equal(data, chain.ReadBytes(12_345, data.Length));
            Assert.Equal(Errno.Ok, chain.Next.Flush());
        }

        Assert.Equal(data, File.ReadAllBytes(Image)[12_345..(12_345 + data.Length)]);
    }

    [SkippableTheory]
    [InlineData(512, RequestFlags.None, 65_536, 131_072)]
    [InlineData(512, RequestFlags.MayTrim, 65_536, 131_072)]
    [InlineData(512, RequestFlags.None, 65_000, 131_001)]
    [InlineData(512, RequestFlags.MayTrim | RequestFlags.Fua, 65_001, 131_000)]
    [InlineData(4096, RequestFlags.None, 65_001, 131_000)]
    [InlineData(4096, RequestFlags.MayTrim | RequestFlags.FastZero, 65_536, 131_072)]
    [InlineData(512, RequestFlags.None, 1_000, 100)]
    [InlineData(4096, RequestFlags.MayTrim, 4_000, 4_100)]
    public void A_zeroed_range_reads_as_zeroes_and_its_neighbours_stay(
        int sectorBytes, RequestFlags flags, int offset, int count)
    {
        using LoopDevice device = LoopDevice.Attach(Image, sectorBytes);
        byte[] expected = File.ReadAllBytes(Image);
        using ChainHarness chain = Open(device);
        Assert.Equal(Errno.Ok, chain.Next.Zero((ulong)count, (ulong)offset, flags));
        expected.AsSpan(offset, count).Clear();
        Assert.Equal(expected, chain.ReadBytes(0, DiskBytes));
    }

    [SkippableFact]
    public void A_zero_that_must_be_fast_and_may_not_trim_is_not_supported()
    {
        using LoopDevice device = LoopDevice.Attach(Image);
        using ChainHarness chain = Open(device);
        Assert.Equal(Errno.ENOTSUP, chain.Next.Zero(65_536, 0, RequestFlags.FastZero));
    }

    [SkippableFact]
    public void A_trim_discards_the_whole_blocks_of_its_range_and_no_more()
    {
        using LoopDevice device = LoopDevice.Attach(Image, sectorBytes: 4096);
        byte[] expected = File.ReadAllBytes(Image);
        ulong before = Allocated();
        using ChainHarness chain = Open(device);
        Assert.Equal(Errno.Ok, chain.Next.Trim((1 << 20) + 2000, 1000, RequestFlags.Fua));
        Assert.True(Allocated() <= before - ((1 << 20) - 4096));
        expected.AsSpan(4096, (1 << 20) - 4096).Clear();   // Loop devices read as zeroes where they were discarded.
        Assert.Equal(expected, chain.ReadBytes(0, DiskBytes));
        Assert.Equal(Errno.Ok, chain.Next.Trim(4095, 1, RequestFlags.None));
        Assert.Equal(expected, chain.ReadBytes(0, DiskBytes));
    }

    [SkippableFact]
    public void A_device_in_a_directory_is_an_export()
    {
        using LoopDevice device = LoopDevice.Attach(Image);
        Directory.CreateDirectory(_folder.File("exports"));
        File.CreateSymbolicLink(_folder.File("exports/disk"), device.Path);
        using ChainHarness chain = ChainHarness.Start(new FilePlugin(), [], ("dir", _folder.File("exports")));
        var exports = new ExportList();
        Assert.Equal(Errno.Ok, chain.ListExports(exports));
        Assert.Equal(1, exports.Count);
        Assert.Equal("disk", exports[0].Name);
        Assert.Equal(Errno.Ok, chain.Connect(out var layers, "disk"));
        Assert.Equal((ulong)DiskBytes, layers!.Next.Info.Size);
    }

    private ulong Allocated()
    {
        Assert.Equal(Errno.Ok, Libc.Status(Libc.CurrentDirectory, Image, out FileStatus status));
        return status.AllocatedBytes;
    }

    private static ChainHarness Open(LoopDevice device) => ChainHarness.Open(new FilePlugin(), ("file", device.Path));
}
