// Files that cannot be served, or not as they should: gone, grown, cut short, full, not to be written. Not: requests to
// healthy ones (SplitDataTests).

using System;
using System.IO;
using System.Linq;
using NbdFast.Chain;
using NbdFast.Plugins.Split;
using NbdFast.Testing;
using NbdFast.Testing.Native;

namespace NbdFast.Plugins.Tests.Split;

public sealed class SplitFileTests
{
    [Fact]
    public void A_file_is_needed() => Refused("you must specify file=<FILENAME> on the command line");

    [Fact]
    public void A_missing_file_is_refused_at_start() => Refused("No such file or directory", ("file", "/nonexistent"));

    [Fact]
    public void A_directory_is_refused_at_start() => Refused("open: /proc: Is a directory", ("file", "/proc"));

    [Fact]
    public void A_character_device_is_refused_at_start() =>
        Refused("file is not regular or block device: /dev/null", ("file", "/dev/null"));

    [Fact]
    public void A_file_that_may_not_be_read_is_refused_at_start()
    {
        using SplitFiles files = new(10, 10);
        File.SetUnixFileMode(files[1], UnixFileMode.None);
        files.Folder.OpenToAll();
        using OrdinaryUser user = OrdinaryUser.Enter();
        var error = Assert.Throws<ConfigException>(() => ChainHarness.Start(new SplitPlugin(), [], files.Parameters()));
        Assert.Contains($"open: {files[1]}: Permission denied", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_may_not_be_written_makes_the_disk_read_only()
    {
        using SplitFiles files = new(1000, 1000, 1000);
        File.SetUnixFileMode(files[0], (UnixFileMode)0b110_110_110);
        File.SetUnixFileMode(files[1], (UnixFileMode)0b100_100_100);
        File.SetUnixFileMode(files[2], (UnixFileMode)0b110_110_110);
        files.Folder.OpenToAll();
        using OrdinaryUser user = OrdinaryUser.Enter();
        using ChainHarness chain = files.Open();
        Assert.False(chain.Info.CanWrite);
        Assert.Equal(files.Content(), chain.ReadBytes(0, 3000));
    }

    [Fact]
    public void A_read_only_client_cannot_write()
    {
        using SplitFiles files = new(1000, 1000);
        using ChainHarness chain = ChainHarness.Start(new SplitPlugin(), [], files.Parameters());
        Assert.Equal(Errno.Ok, chain.Connect(out OpenedLayers? layers, readOnly: true));
        Assert.False(layers!.Next.Info.CanWrite);
    }

    [Fact]
    public void A_file_that_is_cut_short_gives_an_error_where_it_ends_and_the_others_go_on()
    {
        using SplitFiles files = new(10_000, 10_000, 10_000);
        byte[] expected = files.Content();
        using ChainHarness chain = files.Open();
        files.Resize(1, 4000);
        Assert.Equal(Errno.EIO, chain.Next.Read(new byte[30_000], 0));
        Assert.Equal(Errno.EIO, chain.Next.Read(new byte[1], 14_000));
        Assert.Equal(expected[..14_000], chain.ReadBytes(0, 14_000));
        Assert.Equal(expected[20_000..], chain.ReadBytes(20_000, 10_000));
        Assert.DoesNotContain(chain.Extents(0, 30_000), extent => extent.Type != ExtentType.Data);
        Assert.Equal(Errno.Ok, chain.Next.Write(expected.AsSpan(10_000, 10_000), 10_000, RequestFlags.None));
        Assert.Equal(expected, chain.ReadBytes(0, 30_000));
    }

    [Fact]
    public void What_a_file_grows_by_is_for_the_next_client()
    {
        using SplitFiles files = new(1000, 1000);
        byte[] before = files.Content();
        using ChainHarness chain = files.Open();
        files.Resize(0, 5000);
        Assert.Equal(before, chain.ReadBytes(0, 2000));
        Assert.Equal(Errno.Ok, chain.Next.Zero(2000, 0, RequestFlags.None));
        Assert.Equal(5000, new FileInfo(files[0]).Length);
        Assert.Equal(Errno.Ok, chain.Connect(out OpenedLayers? next));
        Assert.Equal(6000u, next!.Next.Info.Size);
    }

    [Fact]
    public void A_file_that_is_gone_refuses_the_next_client_and_leaves_nothing_open()
    {
        using SplitFiles files = new(1000, 1000);
        byte[] before = files.Content();
        using ChainHarness chain = files.Open();
        int open = OpenDescriptors(files);
        File.Delete(files[1]);
        for (int i = 0; i < 10; i++)
            Assert.Equal(Errno.ENOENT, chain.Connect(out _));
        Assert.Equal(open, OpenDescriptors(files));
        Assert.Equal(before, chain.ReadBytes(0, 2000));
    }

    [Fact]
    public void All_files_are_closed_with_the_connection()
    {
        using SplitFiles files = new(1000, 0, 1000);
        using (ChainHarness chain = files.Open())
            Assert.Equal(3, OpenDescriptors(files));
        Assert.Equal(0, OpenDescriptors(files));
    }

    [SkippableFact]
    public void A_full_disk_under_one_file_is_an_error_there_only()
    {
        using MountedFolder small = MountedFolder.Tmpfs("64k");
        using SplitFiles files = new(1 << 20);
        string full = small.File("disk");
        TempDisk.CreateSparse(full, 1 << 20);
        using ChainHarness chain = ChainHarness.Open(new SplitPlugin(), ("file", full), ("file", files[0]));
        byte[] data = [.. Enumerable.Repeat((byte)7, 1 << 20)];
        Assert.Equal(Errno.ENOSPC, chain.Next.Write(data, 1 << 19, RequestFlags.None));
        Assert.Equal(Errno.Ok, chain.Next.Write(data, 1 << 20, RequestFlags.None));
        Assert.Equal(data, File.ReadAllBytes(files[0]));
    }

    private static int OpenDescriptors(SplitFiles files) =>
        Directory.EnumerateFiles("/proc/self/fd")
            .Select(path => new FileInfo(path).LinkTarget ?? "")
            .Count(target => target.StartsWith(files.Folder.Path + "/", StringComparison.Ordinal));

    private static void Refused(string reason, params (string Key, string Value)[] parameters)
    {
        var error = Assert.Throws<ConfigException>(() => ChainHarness.Start(new SplitPlugin(), [], parameters));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
