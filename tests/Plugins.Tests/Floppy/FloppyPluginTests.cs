// Directories as FAT disks, read back by a reader of their own. Not: what real programs make of them (tests/Interop).

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NbdFast.Plugins.Floppy;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests.Floppy;

public sealed class FloppyPluginTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_and_directories_are_there_with_their_contents()
    {
        Make("hello.txt", 6);
        Make("A long name with blanks.html", 700);
        Make("UPPER.TXT", 512);
        Make("empty", 0);
        Make("sub/deep/large", 1_000_001);
        Make("sub/a.b.c", 513);
        Directory.CreateDirectory(_folder.File("nothing"));
        using ChainHarness chain = Open();
        SortedDictionary<string, byte[]> files = new FatReader(chain).ReadAll();
        Assert.Equal(
            [
                "A long name with blanks.html", "UPPER.TXT", "empty", "hello.txt", "nothing/", "sub/", "sub/a.b.c",
                "sub/deep/", "sub/deep/large",
            ],
            files.Keys);
        AssertSame(files);
    }

    [Fact]
    public void An_empty_directory_is_an_empty_disk()
    {
        using ChainHarness chain = Open();
        Assert.Empty(new FatReader(chain).ReadAll());
    }

    [Fact]
    public void Thousands_of_files_that_begin_alike_have_names_of_their_own()
    {
        for (int i = 0; i < 3000; i++)
            Make($"a long name that begins like the others {i}.text", i % 5);
        using ChainHarness chain = Open();
        FatReader reader = new(chain);
        Assert.Equal(3001, reader.ShortNames(reader.Root).Count);
        AssertSame(reader.ReadAll());
    }

    [Fact]
    public void Directories_go_deep()
    {
        string path = string.Join('/', Enumerable.Repeat("d", 300)) + "/file";
        Make(path, 1000);
        using ChainHarness chain = Open();
        SortedDictionary<string, byte[]> files = new FatReader(chain).ReadAll();
        Assert.Equal(301, files.Count);
        Assert.Equal(File.ReadAllBytes(_folder.File(path)), files[path]);
    }

    [Fact]
    public void Names_that_are_one_name_for_fat_are_told_apart()
    {
        foreach (string name in (string[])["Name.txt", "name.TXT", "NAME.txt", "a:b", "a?b", "dots..", "NAMEOF~1"])
            Make(name, name.Length);
        Make("nameofalongone", 20);
        using ChainHarness chain = Open();
        FatReader reader = new(chain);
        Assert.Equal(
            ["NAME.txt", "NAMEOF~1", "Name.txt~2", "a_b", "a_b~2", "dots__", "name.TXT~3", "nameofalongone"],
            reader.ReadAll().Keys.Order(StringComparer.Ordinal));
        Assert.Equal(9, reader.ShortNames(reader.Root).Count);
    }

    [Fact]
    public void Names_of_any_language_and_length_are_kept()
    {
        string[] names =
        [
            "näme€.txt", "\u65e5\u672c\u8a9e", "smile \U0001f600.png", new('x', 255), "thirteen13.tx", ".hidden", "..b",
        ];
        foreach (string name in names)
            Make(name, 10);
        using ChainHarness chain = Open();
        Assert.Equal(names.Order(StringComparer.Ordinal), new FatReader(chain).ReadAll().Keys);
    }

    [Fact]
    public void What_is_neither_file_nor_directory_is_passed_over()
    {
        Make("file", 10);
        File.CreateSymbolicLink(_folder.File("link"), _folder.File("file"));
        File.CreateSymbolicLink(_folder.File("round"), _folder.Path);
        SystemCommand.Run("mkfifo", _folder.File("pipe")).Succeeded();
        using ChainHarness chain = Open();
        Assert.Equal(["file"], new FatReader(chain).ReadAll().Keys);
    }

    [Fact]
    public void Content_is_read_when_it_is_asked_for()
    {
        Make("file", 1000);
        using ChainHarness chain = Open();
        File.WriteAllBytes(_folder.File("file"), [.. Enumerable.Repeat((byte)7, 2000)]);
        Assert.Equal([.. Enumerable.Repeat((byte)7, 1000)], new FatReader(chain).ReadAll()["file"]);
    }

    [Fact]
    public void A_file_that_has_gone_or_changed_its_kind_or_shrunk_is_an_error_and_the_others_go_on()
    {
        foreach (string name in (string[])["a", "b", "c", "d"])
            Make(name, 5000);
        using ChainHarness chain = Open("34M");
        ulong start = Find(chain, "a");
        File.Delete(_folder.File("a"));
        File.Delete(_folder.File("b"));
        SystemCommand.Run("mkfifo", _folder.File("b")).Succeeded();
        using (FileStream file = new(_folder.File("c"), FileMode.Open))
            file.SetLength(600);
        Assert.Equal(Errno.EIO, chain.Next.Read(new byte[512], start));
        Assert.Equal(Errno.EIO, chain.Next.Read(new byte[512], start + 5120));
        Assert.Equal(Errno.EIO, chain.Next.Read(new byte[1024], start + 10240));
        Assert.Equal(File.ReadAllBytes(_folder.File("c"))[..512], chain.ReadBytes(start + 10240, 512));
        Assert.Equal(File.ReadAllBytes(_folder.File("d")), chain.ReadBytes(start + 15360, 5000));
        Assert.Equal(Errno.Ok, chain.Next.Cache(chain.Info.Size, 0));
    }

    [Fact]
    public void The_disk_is_as_large_as_was_asked_for_and_the_rest_is_a_hole()
    {
        Make("file", 100);
        using ChainHarness chain = Open("1000000001");
        Assert.Equal(1_000_000_001u, chain.Info.Size);
        Extent last = chain.Extents(0, chain.Info.Size)[^1];
        Assert.Equal(ExtentType.HoleZero, last.Type);
        Assert.InRange(last.Length, 990_000_000u, 1_000_000_000u);
        AssertSame(new FatReader(chain).ReadAll());
    }

    [Fact]
    public void Pieces_of_any_length_are_the_same_bytes()
    {
        Make("one", 3000);
        Make("two", 70_001);
        using ChainHarness chain = Open();
        byte[] all = chain.ReadBytes(0, (int)chain.Info.Size);
        Random random = new Seed(4).Random;
        for (int i = 0; i < 500; i++)
        {
            int start = (1 << 20) + random.Next(all.Length - (1 << 20));
            int count = 1 + random.Next(Math.Min(2000, all.Length - start));
            Assert.Equal(all[start..(start + count)], chain.ReadBytes((ulong)start, count));
        }
    }

    [Fact]
    public void The_disk_is_read_only()
    {
        using ChainHarness chain = Open();
        Assert.True(chain.Info is { CanWrite: false, MultiConn: true, CanExtents: true });
    }

    [Theory]
    [InlineData("1", "is too small: the files need")]
    [InlineData("1048576", "is too small: the files need")]
    [InlineData("3T", "disk image is too large for the MBR disk format")]
    public void A_size_that_cannot_be_is_refused(string size, string reason) => Refused(reason, ("size", size));

    [Theory]
    [InlineData("123456789012", "may have 11 characters at most")]
    [InlineData("a/b", "cannot have the character '/'")]
    [InlineData("ä", "cannot have the character")]
    public void A_label_that_cannot_be_is_refused(string label, string reason) => Refused(reason, ("label", label));

    [Fact]
    public void A_file_of_four_gibibytes_is_refused_and_one_byte_less_is_not()
    {
        TempDisk.CreateSparse(_folder.File("large"), uint.MaxValue);
        using (ChainHarness chain = Open())
            Assert.InRange(chain.Info.Size, uint.MaxValue, uint.MaxValue + (10ul << 20));
        TempDisk.CreateSparse(_folder.File("larger"), 1L << 32);
        Refused("larger: the file is larger than 4 GiB");
    }

    private ChainHarness Open(string? size = null) => ChainHarness.Open(
        new FloppyPlugin(), [("dir", _folder.Path), .. size == null ? [] : new[] { ("size", size) }]);

    private void Make(string path, int size)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(path))!);
        TempDisk.CreateRandom(_folder.File(path), size, seed: path.Length);
    }

    private void AssertSame(SortedDictionary<string, byte[]> files) => Assert.All(
        files.Where(file => !file.Key.EndsWith('/')),
        file => Assert.Equal(File.ReadAllBytes(_folder.File(file.Key)), file.Value));

    private ulong Find(ChainHarness chain, string name)
    {
        byte[] content = File.ReadAllBytes(_folder.File(name))[..512];
        for (ulong position = 1 << 20; position < 4 << 20; position += 512)
            if (chain.ReadBytes(position, 512).AsSpan().SequenceEqual(content))
                return position;
        throw new InvalidOperationException($"{name} is not on the disk");
    }

    private void Refused(string reason, params (string Key, string Value)[] parameters)
    {
        var error = Assert.Throws<ConfigException>(
            () => ChainHarness.Start(new FloppyPlugin(), [], [("dir", _folder.Path), .. parameters]));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
