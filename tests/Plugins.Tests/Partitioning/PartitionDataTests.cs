// Requests to a disk of partitions: into them, over their edges, to table and padding. Not: what the table says
// (PartitionTableTests).

using System;
using System.IO;
using System.Linq;
using NbdFast.Chain;
using NbdFast.Plugins.Partitioning;
using NbdFast.Plugins.Shared.Partitions;
using NbdFast.Plugins.Shared.Regions;
using NbdFast.Testing;
using NbdFast.Testing.Native;

namespace NbdFast.Plugins.Tests.Partitioning;

public sealed class PartitionDataTests : IDisposable
{
    private const ulong Mebi = 1 << 20;

    private readonly PartitionFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Partitions_hold_the_files_and_zeroes_lie_between()
    {
        using ChainHarness chain = _files.Open("1000 70000");
        Assert.Equal(_files.Content(0), chain.ReadBytes(Mebi, 1000));
        Assert.Equal(new byte[24], chain.ReadBytes(Mebi + 1000, 24));
        byte[] all = chain.ReadBytes(0, (int)chain.Info.Size);
        Assert.Equal(_files.Content(1), all[(int)(2 * Mebi)..^144]);
        Assert.All(all[512..(int)Mebi], one => Assert.Equal(0, one));
        Assert.Equal(new byte[144], all[^144..]);
    }

    [Fact]
    public void What_is_written_into_a_partition_is_in_its_file()
    {
        using ChainHarness chain = _files.Open("1000 70000");
        byte[] expected = _files.Content(1);
        byte[] data = [.. Enumerable.Repeat((byte)7, 3000)];
        Assert.Equal(Errno.Ok, chain.Next.Write(data, (2 * Mebi) + 500, RequestFlags.Fua));
        Assert.Equal(Errno.Ok, chain.Next.Flush());
        data.CopyTo(expected, 500);
        Assert.Equal(expected, _files.Content(1));
    }

    [Theory]
    [InlineData("partition-type=mbr 1000 1000")]
    [InlineData("partition-type=mbr 1000 1000 513 513 70000")]
    [InlineData("partition-type=gpt 1000 1000")]
    public void All_of_the_disk_can_be_written_back_as_it_is(string commandLine)
    {
        using ChainHarness chain = _files.Open(commandLine);
        byte[] all = chain.ReadBytes(0, (int)chain.Info.Size);
        Assert.Equal(Errno.Ok, chain.Next.Write(all, 0, RequestFlags.None));
        Assert.Equal(all, chain.ReadBytes(0, all.Length));
    }

    [Theory]
    [InlineData("partition-type=mbr 1000", 446)]
    [InlineData("partition-type=mbr 1000", 0)]
    [InlineData("partition-type=mbr 512 512 512 512 512", 6145 * 512)]
    [InlineData("partition-type=gpt 512", 512)]
    [InlineData("partition-type=gpt 512", 1024)]
    [InlineData("partition-type=gpt 512", 2049 * 512)]
    [InlineData("partition-type=gpt 512", (2049 * 512) + (32 * 512) + 16)]
    [InlineData("partition-type=gpt 1000", (2048 * 512) + 1000)]
    [InlineData("1000", 512)]
    public void A_byte_outside_of_partitions_cannot_be_changed(string commandLine, int offset)
    {
        using ChainHarness chain = _files.Open(commandLine);
        byte[] one = chain.ReadBytes((ulong)offset, 1);
        Assert.Equal(Errno.Ok, chain.Next.Write(one, (ulong)offset, RequestFlags.None));
        one[0] ^= 0x40;
        Assert.Equal(Errno.EIO, chain.Next.Write(one, (ulong)offset, RequestFlags.None));
        one[0] ^= 0x40;
        Assert.Equal(one, chain.ReadBytes((ulong)offset, 1));
    }

    [Fact]
    public void A_write_that_is_refused_in_part_is_refused_as_a_whole()
    {
        using ChainHarness chain = _files.Open("1000 1000");
        byte[] first = _files.Content(0);
        byte[] data = [.. Enumerable.Repeat((byte)7, 1024)];
        Assert.Equal(Errno.EIO, chain.Next.Write(data, Mebi, RequestFlags.None));
        Assert.Equal(Errno.EIO, chain.Next.Write(data, Mebi - 24, RequestFlags.None));
        Assert.Equal(first, _files.Content(0));
        data.AsSpan(1000).Clear();
        Assert.Equal(Errno.Ok, chain.Next.Write(data, Mebi, RequestFlags.None));
        Assert.Equal(data[..1000], _files.Content(0));
    }

    [Fact]
    public void Zeroing_the_table_is_refused_and_zeroing_the_rest_is_done()
    {
        using ChainHarness chain = _files.Open("1000 1000");
        Assert.Equal(Errno.EIO, chain.Next.Zero(2 * Mebi, 0, RequestFlags.MayTrim));
        Assert.NotEqual(new byte[1000], _files.Content(0));
        Assert.Equal(Errno.Ok, chain.Next.Zero(chain.Info.Size - 512, 512, RequestFlags.FastZero));
        Assert.Equal(new byte[1000], _files.Content(0));
        Assert.Equal(new byte[1000], _files.Content(1));
    }

    [Fact]
    public void Trimming_everything_leaves_the_table()
    {
        using ChainHarness chain = _files.Open("200000 1000");
        byte[] table = chain.ReadBytes(0, 512);
        Assert.Equal(Errno.Ok, chain.Next.Trim(chain.Info.Size, 0, RequestFlags.Fua));
        Assert.Equal(table, chain.ReadBytes(0, 512));
        Assert.Equal(new byte[131072], chain.ReadBytes(Mebi + 4096, 131072));
    }

    [Fact]
    public void Padding_and_holes_of_files_are_told_as_holes()
    {
        using ChainHarness chain = _files.Open("100000000 1000");
        ulong second = 97 * Mebi;   // After 95.4 MiB and padding.
        Assert.Equal(
            [
                new Extent(0, 512, ExtentType.Data), new Extent(512, (97 * Mebi) - 512, ExtentType.HoleZero),
                new Extent(second, 1000, ExtentType.Data), new Extent(second + 1000, 24, ExtentType.HoleZero),
            ],
            chain.Extents(0, chain.Info.Size));
        Assert.Equal(LoanKind.Hole, chain.Next.Lend(1 << 20, 4096, wantHoles: true).Kind);
    }

    [Fact]
    public void All_clients_share_the_files_and_one_that_goes_closes_nothing()
    {
        using ChainHarness chain = _files.Open("1000");
        Assert.Equal(Errno.Ok, chain.Connect(out OpenedLayers? other));
        byte[] data = [1, 2, 3];
        Assert.Equal(Errno.Ok, other!.Next.Write(data, Mebi, RequestFlags.None));
        other.Dispose();
        Assert.Equal(data, chain.ReadBytes(Mebi, 3));
        File.Delete(_files[0]);
        Assert.Equal(Errno.Ok, chain.Connect(out _));
    }

    [Fact]
    public void A_file_that_is_cut_short_gives_an_error_and_the_others_go_on()
    {
        using ChainHarness chain = _files.Open("100000 1000");
        using (FileStream file = new(_files[0], FileMode.Open))
            file.SetLength(10);
        Assert.Equal(Errno.EIO, chain.Next.Read(new byte[100], Mebi + 1000));
        Assert.Equal(_files.Content(1), chain.ReadBytes(2 * Mebi, 1000));
        Assert.Equal(Errno.Ok, chain.Next.Read(new byte[512], 0));
    }

    [Fact]
    public void A_file_that_may_not_be_written_makes_the_disk_read_only()
    {
        string path = _files.Folder.File("ro");
        TempDisk.CreateRandom(path, 1000);
        File.SetUnixFileMode(path, (UnixFileMode)0b100_100_100);
        _files.Folder.OpenToAll();
        using OrdinaryUser user = OrdinaryUser.Enter();
        using ChainHarness chain = ChainHarness.Open(new PartitioningPlugin(), ("file", path));
        Assert.False(chain.Info.CanWrite);
        Assert.Equal(File.ReadAllBytes(path), chain.ReadBytes(Mebi, 1000));
    }

    [Theory]
    [InlineData("", "at least one file= parameter must be supplied")]
    [InlineData("0", "zero length partitions are not allowed")]
    [InlineData("512 file=/nonexistent", "/nonexistent: No such file or directory")]
    [InlineData("file=/proc", "/proc: Is a directory")]
    [InlineData("file=/dev/null", "file is not regular or block device: /dev/null")]
    [InlineData("512 partition-type=atari", "unknown partition-type: atari")]
    [InlineData("alignment=1000 512", "partition alignment 1000 should be a multiple of sector size 512")]
    [InlineData("alignment=2M 512", "should be >= sector size 512 and <= maximum alignment 1048576")]
    [InlineData("alignment=511 512", "should be >= sector size 512 and <= maximum alignment 1048576")]
    [InlineData("mbr-id=256 512", "Numerical result out of range")]
    [InlineData("mbr-id=x 512", "could not parse number")]
    [InlineData("type-guid=1234 512", "could not validate GUID: 1234")]
    [InlineData("type-guid={0FC63DAF-8483-4772-8E79-3D69D8477DE4 512", "could not validate GUID: {0FC63DAF")]
    [InlineData("2199023255552 partition-type=mbr", "Try using: partition-type=gpt")]
    public void A_command_line_that_is_wrong_is_refused(string commandLine, string reason) =>
        _files.Refused(commandLine, reason);

    [Fact]
    public void More_than_a_disk_can_hold_is_refused()
    {
        PartitionContent half = new(Padding.Instance, 1UL << 62);
        Assert.Throws<ConfigException>(() => PartitionedDisk.Build(PartitionTableType.Gpt, [half, half]));
        Assert.Throws<ConfigException>(() => PartitionedDisk.Build(PartitionTableType.Mbr, [half]));
        Assert.InRange(PartitionedDisk.Build(PartitionTableType.Gpt, [half]).Size, 1UL << 62, 1UL << 63);
    }
}
