// dir= and dirfd=: a directory whose files are the exports. Not: what is done with an open file.

using System;
using System.IO;
using System.Linq;
using Microsoft.Win32.SafeHandles;
using NbdFast.Chain;
using NbdFast.Native;
using NbdFast.Plugins.Files;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class FileDirectoryTests : IDisposable
{
    private readonly TempFolder _outer = new();
    private readonly string _folder;

    public FileDirectoryTests()
    {
        _folder = _outer.File("exports");
        Directory.CreateDirectory(Path.Combine(_folder, "sub"));
        TempDisk.CreateRandom(_outer.File("outside"), 3000);
        TempDisk.CreateRandom(In("zz"), 1000);
        TempDisk.CreateRandom(In("aa"), 2000);
        TempDisk.CreateRandom(In("with space"), 100);
        TempDisk.CreateRandom(In(".hidden"), 100);
        TempDisk.CreateRandom(In("sub/below"), 100);
        File.CreateSymbolicLink(In("link"), "aa");
        File.CreateSymbolicLink(In("way-out"), "../outside");
        File.CreateSymbolicLink(In("dangling"), "nowhere");
        File.CreateSymbolicLink(In("link-to-sub"), "sub");
        SystemCommand.Run("mkfifo", In("pipe")).Succeeded();
    }

    public void Dispose() => _outer.Dispose();

    [Fact]
    public void Files_are_listed_in_order_and_all_else_is_passed_over()
    {
        using ChainHarness chain = Start();
        Assert.Equal([".hidden", "aa", "link", "way-out", "with space", "zz"], List(chain));
    }

    [Fact]
    public void Files_that_come_and_go_are_seen()
    {
        using ChainHarness chain = Start();
        File.Delete(In("zz"));
        TempDisk.CreateSparse(In("new"), 512);
        Assert.Equal([".hidden", "aa", "link", "new", "way-out", "with space"], List(chain));
        Assert.Equal(512u, SizeOf(chain, "new"));
    }

    [Fact]
    public void A_name_that_is_not_UTF_8_is_passed_over()
    {
        string name = $"'{_folder}/'$'\\377\\376'";
        SystemCommand.Run("bash", "-c", $"touch {name}").Succeeded();
        using ChainHarness chain = Start();
        string[] listed = List(chain);
        SystemCommand.Run("bash", "-c", $"rm {name}").Succeeded();   // .NET could not.
        Assert.Equal(6, listed.Length);
    }

    [Theory]
    [InlineData("zz", 1000u)]
    [InlineData("aa", 2000u)]
    [InlineData("link", 2000u)]
    [InlineData("way-out", 3000u)]
    [InlineData("with space", 100u)]
    public void The_export_name_chooses_the_file(string name, ulong size)
    {
        using ChainHarness chain = Start();
        Assert.Equal(size, SizeOf(chain, name));
    }

    [Fact]
    public void Clients_write_to_the_file_they_chose()
    {
        using ChainHarness chain = Start();
        Assert.Equal(Errno.Ok, chain.Connect(out OpenedLayers? layers, "zz"));
        Assert.Equal(Errno.Ok, layers!.Next.Write([1, 2, 3], 10, RequestFlags.None));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(In("zz"))[10..13]);
    }

    [Theory]
    [InlineData("sub/below")]
    [InlineData("../outside")]
    [InlineData("/etc/passwd")]
    [InlineData("/")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("sub")]
    [InlineData("link-to-sub")]
    [InlineData("dangling")]
    [InlineData("pipe")]
    [InlineData("nosuch")]
    [InlineData("aa\0.img")]
    public void A_name_that_is_no_file_in_the_directory_is_refused(string name)
    {
        using ChainHarness chain = Start();
        Assert.NotEqual(Errno.Ok, chain.Connect(out OpenedLayers? layers, name));
        Assert.Null(layers);
    }

    [Fact]
    public void The_default_export_is_refused()
    {
        using ChainHarness chain = Start();
        Assert.Null(chain.DefaultExport());
        Assert.Equal(Errno.ENOENT, chain.Connect(out _));
    }

    [Fact]
    public void A_directory_put_in_the_place_of_another_is_seen()
    {
        using ChainHarness chain = Start();
        Directory.Move(_folder, _outer.File("old"));
        Directory.CreateDirectory(_folder);
        TempDisk.CreateSparse(In("only"), 512);
        Assert.Equal(["only"], List(chain));
    }

    [Fact]
    public void An_inherited_directory_is_served_by_its_descriptor()
    {
        int descriptor = Libc.Open(Libc.CurrentDirectory, _folder, OpenFlags.ReadOnly | OpenFlags.Directory);
        Assert.True(descriptor >= 0);
        using ChainHarness chain = ChainHarness.Start(new FilePlugin(), [], ("dirfd", $"{descriptor}"));
        Assert.Equal(Errno.Ok, Libc.Close(descriptor));
        Assert.Equal(6, List(chain).Length);
        Assert.Equal(6, List(chain).Length);   // A second time: the listing has no place to be used up.
        Assert.Equal(1000u, SizeOf(chain, "zz"));
        Assert.NotEqual(Errno.Ok, chain.Connect(out _, "../outside"));
    }

    [Fact]
    public void A_descriptor_of_a_file_is_no_directory()
    {
        using SafeFileHandle file = File.OpenHandle(In("aa"));
        ConfigException error = Assert.Throws<ConfigException>(
            () => ChainHarness.Start(new FilePlugin(), [], ("dirfd", $"{file.DangerousGetHandle()}")));
        Assert.Contains("expecting a directory", error.Message, StringComparison.Ordinal);
    }

    private string In(string name) => Path.Combine(_folder, name);

    private ChainHarness Start() => ChainHarness.Start(new FilePlugin(), [], ("dir", _folder));

    private static string[] List(ChainHarness chain)
    {
        var exports = new ExportList();
        Assert.Equal(Errno.Ok, chain.ListExports(exports));
        return [.. Enumerable.Range(0, exports.Count).Select(index => exports[index].Name)];
    }

    private static ulong SizeOf(ChainHarness chain, string name)
    {
        Assert.Equal(Errno.Ok, chain.Connect(out OpenedLayers? layers, name));
        return layers!.Next.Info.Size;
    }
}
