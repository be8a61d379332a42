// The command line of the file plugin. Not: what is served.

using System;
using System.IO;
using NbdFast.Plugins.Files;
using NbdFast.Testing;
using NbdFast.Testing.Native;

namespace NbdFast.Plugins.Tests;

public sealed class FileParameterTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public FileParameterTests()
    {
        TempDisk.CreateSparse(_folder.File("disk"), 1 << 20);
        Directory.CreateDirectory(_folder.File("folder"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void One_of_the_four_modes_must_be_given() =>
        Refused("you must supply either [file=]<FILENAME>, dir=<DIRNAME>, fd=<FD> or dirfd=<FD> parameter");

    [Theory]
    [InlineData("file", "dir")]
    [InlineData("file", "fd")]
    [InlineData("file", "dirfd")]
    [InlineData("dir", "fd")]
    [InlineData("dir", "dirfd")]
    [InlineData("fd", "dirfd")]
    public void Two_modes_at_the_same_time_are_refused(string one, string other) =>
        Refused($"{one}= and {other}= cannot be used at the same time", (other, Value(other)), (one, Value(one)));

    [Fact]
    public void A_bare_argument_is_the_file() =>
        Assert.Equal("file", new FilePlugin().Table.MagicKey);

    [Fact]
    public void A_missing_file_is_refused_at_start() =>
        Refused("No such file or directory", ("file", _folder.File("nosuch")));

    [Fact]
    public void An_empty_file_name_is_refused() => Refused("cannot resolve a null or empty path", ("file", ""));

    [Fact]
    public void A_directory_as_the_file_points_to_the_directory_mode() =>
        Refused($"use dir= to serve files within {_folder.File("folder")}", ("file", _folder.File("folder")));

    [Fact]
    public void A_character_device_is_refused() =>
        Refused("file is not regular or block device: /dev/null", ("file", "/dev/null"));

    [Fact]
    public void A_pipe_is_refused_without_being_opened()
    {
        SystemCommand.Run("mkfifo", _folder.File("pipe")).Succeeded();
        Refused("file is not regular or block device", ("file", _folder.File("pipe")));
    }

    [Fact]
    public void A_file_as_the_directory_is_refused() =>
        Refused($"expecting a directory: {_folder.File("disk")}", ("dir", _folder.File("disk")));

    [Fact]
    public void A_missing_directory_is_refused() =>
        Refused("No such file or directory", ("dir", _folder.File("nosuch")));

    [Fact]
    public void A_descriptor_that_is_not_open_is_refused() => Refused("fd=987: Bad file descriptor", ("fd", "987"));

    [Fact]
    public void A_negative_descriptor_is_refused() => Refused("cannot be negative", ("fd", "-1"));

    [Fact]
    public void A_negative_directory_descriptor_is_refused() => Refused("cannot be negative", ("dirfd", "-3"));

    [Fact]
    public void An_unknown_fadvise_mode_is_refused() =>
        Refused("unknown fadvise mode: reverse", ("file", _folder.File("disk")), ("fadvise", "reverse"));

    [Fact]
    public void An_unknown_cache_mode_is_refused() =>
        Refused("unknown cache mode: writeback", ("file", _folder.File("disk")), ("cache", "writeback"));

    [Theory]
    [InlineData("rdelay")]
    [InlineData("wdelay")]
    public void A_delay_of_old_points_to_the_delay_filter(string key) =>
        Refused("add --filter=delay on the command line", ("file", _folder.File("disk")), (key, "1"));

    [Fact]
    public void A_parameter_that_does_not_exist_is_refused() =>
        Refused("unknown parameter 'foo'", ("file", _folder.File("disk")), ("foo", "1"));

    [Theory]
    [InlineData("fadvise", "normal")]
    [InlineData("fadvise", "random")]
    [InlineData("fadvise", "sequential")]
    [InlineData("cache", "none")]
    [InlineData("cache", "default")]
    [InlineData("reduce-memory-pressure", "true")]
    [InlineData("reduce-memory-pressure", "false")]
    public void Every_value_of_the_hints_serves_the_file(string key, string value)
    {
        TempDisk.CreateRandom(_folder.File("random"), 100_000);
        using ChainHarness chain = ChainHarness.Open(new FilePlugin(), ("file", _folder.File("random")), (key, value));
        Assert.Equal(File.ReadAllBytes(_folder.File("random")), chain.ReadBytes(0, 100_000));
    }

    [Fact]
    public void A_file_that_is_unreadable_is_refused_at_start()
    {
        File.SetUnixFileMode(_folder.File("disk"), UnixFileMode.None);
        _folder.OpenToAll();
        using OrdinaryUser user = OrdinaryUser.Enter();
        Refused("Permission denied", ("file", _folder.File("disk")));
    }

    [Fact]
    public void The_plugin_says_what_it_was_built_with()
    {
        using FilePlugin plugin = new();
        using StringWriter fields = new();
        plugin.DumpFields(fields);
        string[] names =
        [
            "file_block_size", "file_blkdiscard", "file_blkrotational", "file_blksszget", "file_blkzeroout",
            "file_extents", "file_falloc_fl_punch_hole", "file_falloc_fl_zero_range",
        ];
        Assert.Equal(string.Concat(Array.ConvertAll(names, name => name + "=yes\n")), fields.ToString());
    }

    private string Value(string mode) => mode switch
    {
        "file" => _folder.File("disk"),
        "dir" => _folder.File("folder"),
        _ => "3",
    };

    private static void Refused(string reason, params (string, string)[] parameters)
    {
        ConfigException error = Assert.Throws<ConfigException>(
            () => ChainHarness.Start(new FilePlugin(), [], parameters).Dispose());
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
