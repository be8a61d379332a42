// The three sample plugins do what their pages say. Not: what real clients make of them (Interop).

using System;
using System.IO;
using System.Linq;
using NbdFast.Chain;
using NbdFast.Plugins.Example1;
using NbdFast.Plugins.Example2;
using NbdFast.Plugins.Example3;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class ExamplePluginTests
{
    [Fact]
    public void The_first_is_a_read_only_disk_with_a_partition_table()
    {
        using ChainHarness chain = ChainHarness.Open(new Example1Plugin());
        Assert.True(chain.Info is { Size: 100 << 20, CanWrite: false, CanFlush: false, MultiConn: true });
        byte[] start = chain.ReadBytes(0, 4096);
        Assert.Equal("83feffff00080000" + "00180300", Convert.ToHexStringLower(start.AsSpan(450, 12)));
        Assert.Equal([0x55, 0xaa], start[510..512]);
        Assert.DoesNotContain(start[..446].Concat(start[462..510]).Concat(start[512..]), value => value != 0);
    }

    [Fact]
    public void Any_part_of_the_first_is_the_same_however_it_is_read()
    {
        using ChainHarness chain = ChainHarness.Open(new Example1Plugin());
        byte[] start = chain.ReadBytes(0, 1024);
        for (int offset = 0; offset < 600; offset += 7)
            for (int length = 1; length < 400; length += 33)
                Assert.Equal(start[offset..(offset + length)], chain.ReadBytes((ulong)offset, length));
    }

    [Fact]
    public void The_second_serves_a_file()
    {
        using TempFolder folder = new();
        string path = folder.File("disk");
        byte[] content = new byte[100_000];
        new Random(2).NextBytes(content);
        File.WriteAllBytes(path, content);
        using ChainHarness chain = ChainHarness.Open(new Example2Plugin(), ("file", path));
        Assert.True(chain.Info is { Size: 100_000, CanWrite: false, MultiConn: true });
        Assert.Equal(content, chain.ReadBytes(0, content.Length));
        Assert.Equal(content[99_000..], chain.ReadBytes(99_000, 1000));
    }

    [Fact]
    public void A_file_that_becomes_shorter_is_an_error_and_one_that_goes_keeps_the_next_client_out()
    {
        using TempFolder folder = new();
        string path = folder.File("disk");
        File.WriteAllBytes(path, new byte[10_000]);
        using ChainHarness chain = ChainHarness.Open(new Example2Plugin(), ("file", path));
        using (FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(5000);
        Assert.Equal(Errno.EIO, chain.Next.Read(new byte[10], 5000));
        Assert.Equal("unexpected end of file at 5000", Log.TakeLastError());
        Assert.Equal(Errno.EIO, chain.Next.Read(new byte[100], 4950));
        File.Delete(path);
        Assert.Equal(Errno.EIO, chain.Connect(out _));
        Assert.Equal(Errno.Ok, chain.Next.Read(new byte[10], 0));
    }

    [Theory]
    [InlineData("/nonexistent", "file: realpath: /nonexistent: No such file or directory")]
    [InlineData("/", "/: is a directory")]
    [InlineData("", "file: cannot resolve a null or empty path")]
    public void A_file_that_cannot_be_served_is_refused_at_the_start(string path, string message)
    {
        ConfigException error = Assert.Throws<ConfigException>(
            () => ChainHarness.Open(new Example2Plugin(), ("file", path)));
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void The_second_needs_its_file_and_by_name()
    {
        ConfigException error = Assert.Throws<ConfigException>(() => ChainHarness.Open(new Example2Plugin()));
        Assert.Equal("you must specify file=<FILENAME> on the command line", error.Message);
        Assert.Null(new Example2Plugin().Table.MagicKey);
    }

    [Fact]
    public void The_third_gives_each_client_a_disk_of_its_own()
    {
        using ChainHarness chain = ChainHarness.Open(new Example3Plugin());
        Assert.True(chain.Info is
        {
            Size: 100 << 20, CanWrite: true, CanFlush: true, CanTrim: false, MultiConn: false,
            Fua: FuaSupport.Emulate, Zero: ZeroSupport.Emulate,
        });
        Assert.Equal(Errno.Ok, chain.Connect(out OpenedLayers? other));
        byte[] data = [1, 2, 3, 4, 5];
        Assert.Equal(Errno.Ok, chain.Next.Write(data, (100 << 20) - 5, RequestFlags.None));
        Assert.Equal(Errno.Ok, chain.Next.Flush());
        Assert.Equal(data, chain.ReadBytes((100 << 20) - 5, 5));
        byte[] seen = [9, 9, 9, 9, 9];
        Assert.Equal(Errno.Ok, other!.Next.Read(seen, (100 << 20) - 5));
        Assert.Equal(new byte[5], seen);
        Assert.Equal(Errno.Ok, chain.Next.Zero(3, (100 << 20) - 5, RequestFlags.None));
        Assert.Equal([0, 0, 0, 4, 5], chain.ReadBytes((100 << 20) - 5, 5));
    }

    [Fact]
    public void A_disk_too_large_for_a_file_keeps_its_client_out_with_the_reason()
    {
        using ChainHarness chain = ChainHarness.Start(new Example3Plugin(), [], ("size", "9223372036854775807"));
        Log.ForgetLastError();
        Errno errno = chain.Connect(out OpenedLayers? layers);
        if (errno == Errno.Ok)   // There are file systems that can do it (tmpfs, XFS).
            Assert.Equal((ulong)long.MaxValue, layers!.Next.Info.Size);
        else
            Assert.Contains("cannot make a temporary disk of 9223372036854775807 bytes: ", Log.TakeLastError());
    }
}
