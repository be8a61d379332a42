// The command that makes a disk. Not: whose disk it is (TmpdiskPluginTests, OndemandPluginTests).

using System;
using System.IO;
using NbdFast.Plugins.Shared.FileSystems;
using NbdFast.Testing;
using NbdFast.Values;

namespace NbdFast.Plugins.Tests.Tmpdisk;

public sealed class DiskCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("plain")]
    [InlineData("")]
    [InlineData("it's \"quoted\" $HOME `date` \\ * ; \n and so on")]
    [InlineData("'")]
    [InlineData("'; exit 1; '")]
    public void A_variable_has_the_very_text_of_its_parameter(string value)
    {
        DiskCommand command = new() { Command = "printf %s \"$text\" >\"$disk\"" };
        command.Set("text", value);
        Assert.Equal(Errno.Ok, command.Run(_folder.File("it's a $disk"), new DiskSize(1)));
        Assert.Equal(value, File.ReadAllText(_folder.File("it's a $disk")));
    }

    [Fact]
    public void The_size_is_told_in_bytes_and_nothing_is_exported()
    {
        DiskCommand command = new() { Command = "{ echo $size; env; } >\"$disk\"" };
        command.Set("no_such_variable", "value");
        Assert.Equal(Errno.Ok, command.Run(_folder.File("disk"), new DiskSize(1UL << 40)));
        string[] lines = File.ReadAllLines(_folder.File("disk"));
        Assert.Equal("1099511627776", lines[0]);
        Assert.DoesNotContain(
            lines, line => line.StartsWith("no_such_variable=", StringComparison.Ordinal)
                || line.StartsWith("size=", StringComparison.Ordinal)
                || line.StartsWith("disk=", StringComparison.Ordinal));
    }

    [Fact]
    public void The_command_reads_nothing_and_prints_nowhere()
    {
        DiskCommand command = new()
        {
            Command = "streams=$(readlink /proc/$$/fd/0 /proc/$$/fd/1); { echo \"$streams\"; cat; } >\"$disk\"",
        };
        Assert.Equal(Errno.Ok, command.Run(_folder.File("disk"), default));
        Assert.Equal(["/dev/null", "/dev/null"], File.ReadAllLines(_folder.File("disk")));
    }

    [Theory]
    [InlineData("exit 3")]
    [InlineData("kill -9 $$")]
    [InlineData("no-such-command-anywhere 2>/dev/null")]
    [InlineData("(")]
    public void A_command_that_fails_is_an_error(string text) =>
        Assert.Equal(Errno.EIO, new DiskCommand { Command = text + " 2>/dev/null" }.Run(_folder.File("x"), default));

    [Fact]
    public void Type_and_label_are_the_defaults_of_mkfs_but_not_of_a_command()
    {
        DiskCommand command = new();
        Assert.Contains("type='ext4'\nlabel=''\n", command.ScriptFor("/d", default), StringComparison.Ordinal);
        command.Set("type", "xfs");
        string script = command.ScriptFor("/d", default);
        Assert.True(
            script.IndexOf("type='xfs'", StringComparison.Ordinal)
                > script.IndexOf("type='ext4'", StringComparison.Ordinal), script);
        command.Command = "true";
        Assert.DoesNotContain("label=", command.ScriptFor("/d", default), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("disk", "'disk' parameter cannot be set on the command line")]
    [InlineData("a.b", "'a.b' parameter: a shell variable has letters, digits and underscores only")]
    [InlineData("a-b", "'a-b' parameter: a shell variable has letters, digits and underscores only")]
    public void What_cannot_be_a_variable_of_the_users_is_refused(string name, string message) => Assert.Equal(
        message, Assert.Throws<ConfigException>(() => new DiskCommand().Set(name, "1")).Message);
}
