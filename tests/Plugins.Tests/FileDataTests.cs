// Bytes in and out of one file. Not: holes (FileSpaceTests, FileExtentsTests).

using System;
using System.IO;
using System.Threading.Tasks;
using NbdFast.Chain;
using NbdFast.Plugins.Files;
using NbdFast.Testing;
using NbdFast.Testing.Native;

namespace NbdFast.Plugins.Tests;

public sealed class FileDataTests : IDisposable
{
    private const ulong Gibi = 1UL << 30;

    private readonly TempFolder _folder = new();

    private string Disk => _folder.File("disk");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_served_as_it_is()
    {
        TempDisk.CreateRandom(Disk, 1_000_001);
        using ChainHarness chain = Open();
        byte[] expected = File.ReadAllBytes(Disk);
        Assert.Equal(1_000_001u, chain.Info.Size);
        Assert.Equal(expected, chain.ReadBytes(0, expected.Length));
        Assert.Equal(expected[65_537..70_000], chain.ReadBytes(65_537, 4_463));
    }

    [Fact]
    public void The_description_offers_everything_that_files_can()
    {
        TempDisk.CreateSparse(Disk, 4096);
        using ChainHarness chain = Open();
        ExportInfo info = chain.Info;
        Assert.True(info is
        {
            CanWrite: true, CanFlush: true, CanTrim: true, CanExtents: true, CanFastZero: true, MultiConn: true,
            Rotational: false, Zero: ZeroSupport.Native, Fua: FuaSupport.Native, Cache: CacheSupport.Native,
            BlockMinimum: 0, BlockPreferred: 0, BlockMaximum: 0,
        });
    }

    [Theory]
    [InlineData(RequestFlags.None)]
    [InlineData(RequestFlags.Fua)]
    public void What_is_written_is_in_the_file(RequestFlags flags)
    {
        TempDisk.CreateSparse(Disk, 1 << 20);
        byte[] data = new Seed(2).Random.GetItems<byte>([1, 2, 3, 4, 5], 70_000);
        using ChainHarness chain = Open();
        Assert.Equal(Errno.Ok, chain.Next.Write(data, 12_345, flags));
        Assert.Equal(Errno.Ok, chain.Next.Flush());
        Assert.Equal(data, File.ReadAllBytes(Disk)[12_345..82_345]);
    }

    [Fact]
    public void Positions_beyond_four_gibibytes_are_reached()
    {
        TempDisk.CreateSparse(Disk, (long)(6 * Gibi));
        using ChainHarness chain = Open();
        byte[] data = [1, 2, 3, 4, 5];
        Assert.Equal(Errno.Ok, chain.Next.Write(data, (5 * Gibi) + 7, RequestFlags.None));
        Assert.Equal(data, chain.ReadBytes((5 * Gibi) + 7, 5));
        Assert.Equal(new byte[5], chain.ReadBytes(Gibi + 7, 5));   // Where 32 bits would have put it.
    }

    [Fact]
    public void An_empty_file_is_served()
    {
        TempDisk.CreateSparse(Disk, 0);
        using ChainHarness chain = Open();
        Assert.Equal(0u, chain.Info.Size);
        Assert.Equal(Errno.Ok, chain.Next.Flush());
    }

    [Fact]
    public void A_file_that_is_cut_short_gives_an_error_where_it_ends_and_data_before()
    {
        TempDisk.CreateRandom(Disk, 1 << 20);
        byte[] expected = File.ReadAllBytes(Disk)[..4096];
        using ChainHarness chain = Open();
        Cut(4096);
        Assert.Equal(Errno.EIO, chain.Next.Read(new byte[4096], 65_536));
        Assert.Equal(Errno.EIO, chain.Next.Read(new byte[8192], 0));
        Assert.Equal(expected, chain.ReadBytes(0, 4096));
    }

    [Fact]
    public void A_cache_request_is_a_hint_that_succeeds()
    {
        TempDisk.CreateRandom(Disk, 1 << 20);
        using ChainHarness chain = Open();
        Assert.Equal(Errno.Ok, chain.Next.Cache(1 << 20, 0));
    }

    [Fact]
    public void A_read_only_client_cannot_write()
    {
        TempDisk.CreateSparse(Disk, 1 << 20);
        using ChainHarness chain = ChainHarness.Start(new FilePlugin(), [], ("file", Disk));
        Assert.Equal(Errno.Ok, chain.Connect(out OpenedLayers? layers, readOnly: true));
        Assert.False(layers!.Next.Info.CanWrite);
    }

    [SkippableFact]
    public void A_file_on_a_read_only_file_system_is_served_read_only()
    {
        string image = _folder.File("image");
        TempDisk.CreateSparse(image, 8 << 20);
        Requires.Tools("mkfs.ext4");
        SystemCommand.Run("mkfs.ext4", "-q", image).Succeeded();
        using MountedFolder mounted = MountedFolder.Image(image);
        TempDisk.CreateRandom(mounted.File("disk"), 5000);
        SystemCommand.Run("mount", "-o", "remount,ro", mounted.Path).Succeeded();
        using ChainHarness chain = ChainHarness.Open(new FilePlugin(), ("file", mounted.File("disk")));
        Assert.False(chain.Info.CanWrite);
        Assert.Equal(File.ReadAllBytes(mounted.File("disk")), chain.ReadBytes(0, 5000));
    }

    [Fact]
    public void A_file_that_may_not_be_written_is_served_read_only()
    {
        TempDisk.CreateRandom(Disk, 5000);
        File.SetUnixFileMode(Disk, (UnixFileMode)0b100_100_100);
        _folder.OpenToAll();
        using OrdinaryUser user = OrdinaryUser.Enter();
        using ChainHarness chain = Open();
        Assert.False(chain.Info.CanWrite);
        Assert.Equal(File.ReadAllBytes(Disk), chain.ReadBytes(0, 5000));
    }

    [Fact]
    public void A_program_that_runs_is_served_read_only()
    {
        File.Copy("/bin/sleep", Disk);
        File.SetUnixFileMode(Disk, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var program = System.Diagnostics.Process.Start(Disk, "600");
        try
        {
            using ChainHarness chain = Open();
            Assert.False(chain.Info.CanWrite);
        }
        finally
        {
            program.Kill();
            program.WaitForExit();
        }
    }

    [Fact]
    public void A_file_put_in_the_place_of_another_is_seen_by_the_next_client_only()
    {
        TempDisk.CreateRandom(Disk, 1000, seed: 1);
        byte[] before = File.ReadAllBytes(Disk);
        using ChainHarness chain = Open();
        TempDisk.CreateRandom(_folder.File("new"), 2000, seed: 2);
        File.Move(_folder.File("new"), Disk, overwrite: true);
        Assert.Equal(Errno.Ok, chain.Connect(out OpenedLayers? next));
        byte[] seen = new byte[2000];
        Assert.Equal(2000u, next!.Next.Info.Size);
        Assert.Equal(Errno.Ok, next.Next.Read(seen, 0));
        Assert.Equal(File.ReadAllBytes(Disk), seen);
        Assert.Equal(before, chain.ReadBytes(0, 1000));
    }

    [Fact]
    public void A_file_that_is_gone_refuses_the_next_client()
    {
        TempDisk.CreateSparse(Disk, 1000);
        using ChainHarness chain = Open();
        File.Delete(Disk);
        Assert.Equal(Errno.ENOENT, chain.Connect(out _));
        Assert.Equal(new byte[10], chain.ReadBytes(0, 10));
    }

    [Fact]
    public void Many_requests_at_once_over_several_connections_keep_apart()
    {
        const int Workers = 8;
        const int Share = 1 << 20;
        TempDisk.CreateSparse(Disk, Workers * Share);
        using ChainHarness chain = Open();
        Assert.Equal(Errno.Ok, chain.Connect(out OpenedLayers? other));
        ChainNext[] connections = [chain.Next, other!.Next];
        Parallel.For(0, Workers, worker =>
        {
            Random random = new Seed(worker).Random;
            byte[] data = new byte[9_001];
            byte[] seen = new byte[data.Length];
            for (int round = 0; round < 200; round++)
            {
                ChainNext next = connections[random.Next(2)];
                ulong offset = (ulong)((worker * Share) + random.Next(Share - data.Length));
                random.NextBytes(data);
                Assert.Equal(Errno.Ok, next.Write(data, offset, RequestFlags.None));
                var extents = new ExtentList(0, Workers * Share);
                Assert.Equal(Errno.Ok, connections[round % 2].Extents(Workers * Share, 0, RequestFlags.None, extents));
                Assert.Equal(Errno.Ok, connections[random.Next(2)].Read(seen, offset));
                Assert.Equal(data, seen);
            }
        });
    }

    private ChainHarness Open() => ChainHarness.Open(new FilePlugin(), ("file", Disk));

    private void Cut(long size)
    {
        using FileStream file = new(Disk, FileMode.Open);
        file.SetLength(size);
    }
}
