// Zero and trim on regular files. Not: block devices (FileBlockDeviceTests).

using System;
using System.IO;
using NbdFast.Native;
using NbdFast.Plugins.Files;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class FileSpaceTests : IDisposable
{
    private const int DiskBytes = 1 << 20;
    private const ulong Gibi = 1UL << 30;

    private readonly TempFolder _folder = new();

    private string Disk => _folder.File("disk");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(RequestFlags.None)]
    [InlineData(RequestFlags.MayTrim)]
    [InlineData(RequestFlags.Fua)]
    [InlineData(RequestFlags.FastZero)]
    [InlineData(RequestFlags.MayTrim | RequestFlags.Fua | RequestFlags.FastZero)]
    public void A_zeroed_range_reads_as_zeroes_and_its_neighbours_stay(RequestFlags flags)
    {
        TempDisk.CreateRandom(Disk, DiskBytes);
        byte[] expected = File.ReadAllBytes(Disk);
        using ChainHarness chain = Open(Disk);
        Assert.Equal(Errno.Ok, chain.Next.Zero(300_001, 70_003, flags));
        expected.AsSpan(70_003, 300_001).Clear();
        Assert.Equal(expected, File.ReadAllBytes(Disk));
        Assert.Equal(DiskBytes, new FileInfo(Disk).Length);
    }

    [Theory]
    [InlineData(RequestFlags.None)]
    [InlineData(RequestFlags.Fua)]
    public void A_trimmed_range_loses_its_storage(RequestFlags flags)
    {
        TempDisk.CreateRandom(Disk, DiskBytes);
        using ChainHarness chain = Open(Disk);
        ulong before = Allocated(Disk);
        Assert.Equal(Errno.Ok, chain.Next.Trim(DiskBytes / 2, 0, flags));
        Assert.True(Allocated(Disk) <= before - (DiskBytes / 2));
        Assert.Equal(DiskBytes, new FileInfo(Disk).Length);
    }

    [Fact]
    public void A_zero_that_may_trim_gives_storage_back()
    {
        TempDisk.CreateRandom(Disk, DiskBytes);
        using ChainHarness chain = Open(Disk);
        ulong before = Allocated(Disk);
        Assert.Equal(Errno.Ok, chain.Next.Zero(DiskBytes / 2, 0, RequestFlags.MayTrim));
        Assert.True(Allocated(Disk) <= before - (DiskBytes / 2));
    }

    [Fact]
    public void A_zero_that_may_not_trim_gives_a_hole_storage()
    {
        TempDisk.CreateSparse(Disk, DiskBytes);
        using ChainHarness chain = Open(Disk);
        Assert.Equal(Errno.Ok, chain.Next.Zero(DiskBytes, 0, RequestFlags.None));
        Assert.True(Allocated(Disk) >= DiskBytes);
        Assert.Equal(new byte[DiskBytes], chain.ReadBytes(0, DiskBytes));
    }

    [Fact]
    public void More_than_four_gibibytes_are_zeroed_and_trimmed_at_once()
    {
        TempDisk.CreateSparse(Disk, (long)(12 * Gibi));
        using ChainHarness chain = Open(Disk);
        byte[] mark = [1, 2, 3];
        foreach (ulong place in (ReadOnlySpan<ulong>)[Gibi, 5 * Gibi, 6 * Gibi, 11 * Gibi])
            Assert.Equal(Errno.Ok, chain.Next.Write(mark, place, RequestFlags.None));
        Assert.Equal(Errno.Ok, chain.Next.Zero(5 * Gibi, Gibi / 2, RequestFlags.MayTrim));
        Assert.Equal(Errno.Ok, chain.Next.Trim(5 * Gibi, 13 * Gibi / 2, RequestFlags.None));
        Assert.Equal(new byte[3], chain.ReadBytes(Gibi, 3));
        Assert.Equal(new byte[3], chain.ReadBytes(5 * Gibi, 3));
        Assert.Equal(mark, chain.ReadBytes(6 * Gibi, 3));
        Assert.Equal(new byte[3], chain.ReadBytes(11 * Gibi, 3));
    }

    [SkippableFact]
    public void Where_ranges_cannot_be_zeroed_in_place_they_are_punched_and_allocated_again()
    {
        using MountedFolder tmpfs = MountedFolder.Tmpfs("8m");   // Knows punching and allocating, not zeroing.
        string disk = tmpfs.File("disk");
        TempDisk.CreateRandom(disk, DiskBytes);
        using ChainHarness chain = Open(disk);
        foreach (ulong place in (ReadOnlySpan<ulong>)[0, DiskBytes / 2])
            Assert.Equal(Errno.Ok, chain.Next.Zero(DiskBytes / 4, place, RequestFlags.FastZero));
        Assert.Equal(new byte[DiskBytes / 4], chain.ReadBytes(DiskBytes / 2, DiskBytes / 4));
        Assert.True(Allocated(disk) >= DiskBytes);
    }

    [SkippableTheory]
    [InlineData(RequestFlags.None)]
    [InlineData(RequestFlags.MayTrim)]
    public void Where_nothing_is_supported_zeroes_are_written_and_trims_do_nothing(RequestFlags flags)
    {
        using MountedFolder ramfs = MountedFolder.Ramfs();
        string disk = ramfs.File("disk");
        TempDisk.CreateRandom(disk, DiskBytes);
        byte[] expected = File.ReadAllBytes(disk);
        using ChainHarness chain = Open(disk);
        for (int round = 0; round < 2; round++)   // The second time it is known.
        {
            Assert.Equal(Errno.Ok, chain.Next.Trim(1000, 500_000, RequestFlags.Fua));
            Assert.Equal(Errno.ENOTSUP, chain.Next.Zero(1000, 600_000, flags | RequestFlags.FastZero));
        }

        Assert.Equal(expected, File.ReadAllBytes(disk));
        Assert.Equal(Errno.Ok, chain.Next.Zero(300_001, 70_003, flags | RequestFlags.Fua));
        expected.AsSpan(70_003, 300_001).Clear();
        Assert.Equal(expected, File.ReadAllBytes(disk));
    }

    [SkippableFact]
    public void A_file_system_that_punches_but_does_not_allocate_refuses_a_fast_zero_and_changes_nothing()
    {
        string image = _folder.File("image");
        TempDisk.CreateSparse(image, 16 << 20);
        Requires.Tools("mkfs.ext4");
        SystemCommand.Run("mkfs.ext4", "-q", "-O", "^extents,^64bit", image).Succeeded();
        using MountedFolder mounted = MountedFolder.Image(image);
        string disk = mounted.File("disk");
        TempDisk.CreateRandom(disk, DiskBytes);
        byte[] expected = File.ReadAllBytes(disk);
        using ChainHarness chain = Open(disk);
        Assert.Equal(Errno.ENOTSUP, chain.Next.Zero(100_000, 0, RequestFlags.FastZero));
        Assert.Equal(expected, File.ReadAllBytes(disk));
        Assert.Equal(Errno.Ok, chain.Next.Zero(100_000, 0, RequestFlags.None));
        expected.AsSpan(0, 100_000).Clear();
        Assert.Equal(expected, File.ReadAllBytes(disk));
    }

    [SkippableFact]
    public void A_full_disk_says_so()
    {
        using MountedFolder tmpfs = MountedFolder.Tmpfs("1m");
        string disk = tmpfs.File("disk");
        TempDisk.CreateSparse(disk, 4 << 20);
        using ChainHarness chain = Open(disk);
        byte[] data = new byte[2 << 20];
        Assert.Equal(Errno.ENOSPC, chain.Next.Write(data, 0, RequestFlags.None));
        Assert.Equal(Errno.ENOSPC, chain.Next.Write(data, 0, RequestFlags.Fua));
        Assert.Equal(Errno.ENOSPC, chain.Next.Zero(2 << 20, 1 << 20, RequestFlags.None));
        Assert.Equal(Errno.Ok, chain.Next.Trim(4 << 20, 0, RequestFlags.None));
        Assert.Equal(Errno.Ok, chain.Next.Write(data.AsSpan(0, 4096), 0, RequestFlags.None));
    }

    private static ChainHarness Open(string disk) => ChainHarness.Open(new FilePlugin(), ("file", disk));

    private static ulong Allocated(string disk)
    {
        Assert.Equal(Errno.Ok, Libc.Status(Libc.CurrentDirectory, disk, out FileStatus status));
        return status.AllocatedBytes;
    }
}
