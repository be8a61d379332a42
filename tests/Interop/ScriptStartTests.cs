// What scripts may do before the server serves: end it, and leave files for later. Not: requests (ScriptDiskTests).

using System;
using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class ScriptStartTests
{
    private const string Disk = "get_size='echo 1M' pread='head -c $3 /dev/zero'";

    // Exit code 4 is a success that also ends the server: it starts in full, and ends when it would serve.
    [Theory]
    [InlineData("config_complete")]
    [InlineData("get_ready")]
    [InlineData("after_fork")]
    public void A_script_ends_the_server_before_it_serves(string method)
    {
        using TempFolder folder = new();
        string script = $"eval {Disk} {method}='exit 4'";
        ShellCommand.Run($"timeout 30 nbdfast -f -U $PWD/s -P $PWD/pid {script} && test -s pid", folder: folder.Path)
            .Succeeded();
    }

    [Fact]
    public void A_script_that_ends_the_server_with_an_error_refuses_the_start() =>
        ShellCommand.Run($"timeout 30 nbdfast -f -U - eval {Disk} get_ready='echo EIO not today >&2; exit 5'")
            .Failed(1, "get_ready: not today");

    [SkippableFact]
    public void The_folder_of_scripts_belongs_to_whom_the_server_becomes()
    {
        Requires.Root();
        Requires.Tools("nbdinfo");
        const string Open = "open='cat $tmpdir/state && touch $tmpdir/more && id -un >&2'";
        CommandResult result = ShellCommand.Run(
            $"nbdfast -u nobody -U - eval {Disk} get_ready='echo $tmpdir >$tmpdir/state' {Open} "
            + "export_description='cat $tmpdir/state; stat -c %U $tmpdir/more' "
            + "--run 'nbdinfo --json $uri | grep description'");
        string output = result.Succeeded();
        Assert.Contains("nobody", output, StringComparison.Ordinal);
        string path = output.Split('"')[3].Split("\\n")[0];
        Assert.StartsWith("/tmp/", path, StringComparison.Ordinal);
        Assert.False(System.IO.Directory.Exists(path));
    }
}
