// The tmpdisk plugin: a disk for each client. Not: making it (DiskCommandTests), file systems (Interop).

using System;
using System.IO;
using NbdFast.Chain;
using NbdFast.Plugins.Tmpdisk;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests.Tmpdisk;

public sealed class TmpdiskPluginTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_client_has_a_disk_of_its_own_that_can_do_everything()
    {
        using ChainHarness chain = Open("truncate -s $size \"$disk\"");
        Assert.Equal(Errno.Ok, chain.Connect(out OpenedLayers? other));
        Assert.Equal(1UL << 20, other!.Next.Info.Size);
        Assert.Equal(Errno.Ok, other.Next.Write([1, 2, 3], 1000, RequestFlags.Fua));
        Assert.Equal(Errno.Ok, other.Next.Flush());
        Assert.Equal([0, 0, 0], chain.ReadBytes(1000, 3));
        Assert.True(chain.Info is
        {
            CanWrite: true, CanFlush: true, CanTrim: true, CanExtents: true, CanFastZero: true, MultiConn: false,
            Zero: ZeroSupport.Native, Fua: FuaSupport.Native,
        });
    }

    [Fact]
    public void The_command_has_the_last_word_on_the_size()
    {
        using ChainHarness chain = Open("printf hello >\"$disk\"");
        Assert.Equal(5UL, chain.Info.Size);
        Assert.Equal("hello"u8.ToArray(), chain.ReadBytes(0, 5));
    }

    [Fact]
    public void The_disk_has_no_name_any_more_when_it_is_served()
    {
        using ChainHarness chain = Open($"echo \"$disk\" >{_folder.File("name")}; touch \"$disk\" \"$disk.more\"");
        string disk = File.ReadAllText(_folder.File("name")).TrimEnd();
        Assert.EndsWith("/disk", disk, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.GetDirectoryName(disk)));
    }

    [Theory]
    [InlineData("exit 3")]
    [InlineData("true")]
    [InlineData("mkdir \"$disk\" \"$disk/more\"")]
    [InlineData("mkfifo \"$disk\"")]
    [InlineData("ln -s /nonexistent \"$disk\"")]
    public void A_client_is_refused_whose_disk_cannot_be_made_and_nothing_is_left(string command)
    {
        using ChainHarness chain = ChainHarness.Start(
            new TmpdiskPlugin(), [], ("size", "1M"), ("command", $"echo \"$disk\" >{_folder.File("name")}; {command}"));
        Assert.NotEqual(Errno.Ok, chain.Connect(out _));
        string disk = File.ReadAllText(_folder.File("name")).TrimEnd();
        Assert.False(Path.Exists(Path.GetDirectoryName(disk)));
    }

    [Fact]
    public void A_read_only_client_gets_a_disk_that_is_made_all_the_same()
    {
        using ChainHarness chain = ChainHarness.Start(
            new TmpdiskPlugin(), [], ("size", "1M"), ("command", "printf abc >\"$disk\""));
        Assert.Equal(Errno.Ok, chain.Connect(out OpenedLayers? layers, readOnly: true));
        Assert.False(layers!.Next.Info.CanWrite);
        Assert.Equal(3UL, layers.Next.Info.Size);
    }

    [Fact]
    public void Parameters_are_variables_of_the_command()
    {
        using ChainHarness chain = ChainHarness.Open(
            new TmpdiskPlugin(), ("size", "7"), ("type", "a"), ("label", "b"), ("other", "c d"),
            ("command", "printf %s \"$type$label$other$size\" >\"$disk\""));
        Assert.Equal("abc d7"u8.ToArray(), chain.ReadBytes(0, 6));
    }

    [Fact]
    public void The_size_is_required() => Assert.Contains(
        "size=", Assert.Throws<ConfigException>(() => ChainHarness.Open(new TmpdiskPlugin())).Message,
        StringComparison.Ordinal);

    private static ChainHarness Open(string command) =>
        ChainHarness.Open(new TmpdiskPlugin(), ("size", "1M"), ("command", command));
}
