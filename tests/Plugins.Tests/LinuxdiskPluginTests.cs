// The linuxdisk plugin: sizes, parameters, what clients may do. Not: what is in the file system (Interop).

using System;
using System.Globalization;
using System.IO;
using NbdFast.Chain;
using NbdFast.Plugins.Linuxdisk;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class LinuxdiskPluginTests
{
    private const ulong Start = 1 << 20;
    private const ulong End = 33 * 512;

    [Fact]
    public void Clients_may_only_read()
    {
        using TempFolder folder = Folder();
        using ChainHarness chain = Open(folder, ("size", "4M"));
        Assert.True(chain.Info is
        {
            Size: Start + (4 << 20) + End, CanWrite: false, CanFlush: false, CanTrim: false, CanExtents: true,
            MultiConn: true, Cache: CacheSupport.Native,
        });
        Assert.Equal("EFI PART"u8.ToArray(), chain.ReadBytes(512, 8));
        Assert.Equal("EFI PART"u8.ToArray(), chain.ReadBytes(chain.Info.Size - 512, 8));
        Assert.Equal([0x53, 0xef], chain.ReadBytes(Start + 1024 + 56, 2));
        Assert.Contains(chain.Extents(0, chain.Info.Size), run => run.Type == ExtentType.HoleZero);
    }

    [Theory]
    [InlineData("ext2", "+0", 0UL)]
    [InlineData("ext2", "+1M", 1UL << 20)]
    [InlineData("ext2", "+100M", 100UL << 20)]
    [InlineData("ext3", "+10M", 10UL << 20)]
    [InlineData("ext4", "+3M", 3UL << 20)]
    [InlineData("ext4", "+600M", 600UL << 20)]
    [InlineData("ext4", "+20G", 20UL << 30)]
    public void So_much_is_free_as_was_asked_for_and_little_more(string type, string size, ulong free)
    {
        using TempFolder folder = Folder();
        using ChainHarness chain = Open(folder, ("type", type), ("size", size));
        Assert.InRange(FreeBytes(chain), free, free + (free / 8) + (24 << 20));
    }

    [Fact]
    public void Very_many_small_files_fit()
    {
        using TempFolder folder = new();
        for (int i = 0; i < 3000; i++)
            File.WriteAllText(folder.File(i.ToString(CultureInfo.InvariantCulture)), "");
        using ChainHarness chain = Open(folder);
        Assert.InRange(chain.Info.Size, 1UL << 20, 16UL << 20);
        using ChainHarness given = Open(folder, ("size", "3M"), ("type", "ext4"));
        Assert.Equal(Start + (3 << 20) + End, given.Info.Size);
    }

    [Fact]
    public void A_sparse_file_takes_what_it_has()
    {
        using TempFolder folder = new();
        using (FileStream file = File.Create(folder.File("sparse")))
        {
            file.SetLength(1L << 32);
            file.Position = 1L << 31;
            file.WriteByte(1);
        }

        using ChainHarness chain = Open(folder);
        Assert.InRange(chain.Info.Size, 1UL << 20, 64UL << 20);
    }

    [Fact]
    public void The_disk_has_the_same_GUIDs_again()
    {
        using TempFolder folder = Folder();
        using ChainHarness one = Open(folder);
        using ChainHarness two = Open(folder);
        Assert.Equal(one.ReadBytes(512 + 56, 16), two.ReadBytes(512 + 56, 16));
        Assert.Equal(one.ReadBytes(1024 + 16, 16), two.ReadBytes(1024 + 16, 16));
        Assert.NotEqual(new byte[16], one.ReadBytes(512 + 56, 16));
    }

    [Theory]
    [InlineData("size", "-1", "size: size cannot be negative (-1)")]
    [InlineData("size", "", "size: could not parse size string ()")]
    [InlineData("size", "+x", "size: could not parse size string (x)")]
    [InlineData("size", "64k", "mke2fs: command failed with exit code 1")]
    [InlineData("size", "9223372036854775807", null)]
    [InlineData("type", "xfs",
        "type=<TYPE> must be an filesystem type supported by e2fsprogs: ext2, ext3 or ext4 (xfs)")]
    [InlineData("dir", "/bin", "dir=<DIRECTORY> must only be set once")]
    public void What_goes_wrong_is_told_at_the_start(string key, string value, string? message)
    {
        using TempFolder folder = Folder();
        ConfigException error = Assert.Throws<ConfigException>(() => Open(folder, (key, value)));
        if (message != null)
            Assert.Equal(message, error.Message);
    }

    [Theory]
    [InlineData("/etc/passwd", "/etc/passwd: Not a directory")]
    [InlineData("/nonexistent", "dir: realpath: /nonexistent: No such file or directory")]
    public void Only_a_directory_will_do(string path, string message)
    {
        ConfigException error = Assert.Throws<ConfigException>(
            () => ChainHarness.Open(new LinuxdiskPlugin(), ("dir", path)));
        Assert.Equal(message, error.Message);
    }

    [Theory]
    [InlineData(0UL, 1UL, null)]
    [InlineData(0UL, 10_000UL, 10_657UL)]
    [InlineData(1UL << 30, 50_000UL, null)]
    [InlineData(1UL << 30, 100_000UL, 106_282UL)]
    public void Inodes_are_asked_for_where_there_would_be_too_few(ulong bytes, ulong files, ulong? inodes)
    {
        Content content = new(bytes, files);
        Assert.Equal(inodes, content.Inodes(content.SizeWith(0, hasJournal: false)));
    }

    private static ulong FreeBytes(ChainHarness chain)
    {
        byte[] block = chain.ReadBytes(Start + 1024, 1024);
        uint Word(int at) => BitConverter.ToUInt32(block, at);
        return (Word(12) - Word(8)) * (1024UL << (int)Word(24));
    }

    private static TempFolder Folder()
    {
        TempFolder folder = new();
        File.WriteAllText(folder.File("hello.txt"), "hello");
        byte[] data = new byte[100_000];
        new Random(1).NextBytes(data);   // Zeroes would become a hole.
        File.WriteAllBytes(folder.File("data"), data);
        return folder;
    }

    private static ChainHarness Open(TempFolder folder, params (string Key, string Value)[] options)
    {
        Requires.Tools("mke2fs");
        return ChainHarness.Open(new LinuxdiskPlugin(), [("dir", folder.Path), .. options]);
    }
}
