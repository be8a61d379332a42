// A server that lives as long as a command (--run). Not: servers of their own (StartTests, SignalTests).

using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class RunTests
{
    public RunTests() => Requires.Tools("nbdinfo");

    [Fact]
    public void The_command_finds_the_server_in_uri()
    {
        Assert.Equal("1048576", Succeed("nbdfast -U - memory 1M --run 'nbdinfo --size \"$uri\"'"));
    }

    [Fact]
    public void The_older_variable_nbd_is_the_same_as_uri()
    {
        Assert.Equal("same", Succeed("nbdfast -U - memory 1M --run '[ \"$nbd\" = \"$uri\" ] && echo same'"));
    }

    [Fact]
    public void A_private_socket_is_in_unixsocket_and_there_is_no_port()
    {
        Assert.Equal("[]", Succeed("nbdfast -U - memory 1M --run '[ -S \"$unixsocket\" ] && echo \"[$port]\"'"));
    }

    [Fact]
    public void The_private_socket_is_gone_afterwards()
    {
        string socket = Succeed("nbdfast -U - memory 1M --run 'echo \"$unixsocket\"'");
        Assert.StartsWith("/", socket);
        Assert.False(System.IO.Path.Exists(socket));
    }

    [SkippableFact]
    public void A_write_past_the_limit_on_file_sizes_costs_that_write_and_not_the_server()
    {
        Skip.If(NativeBinary.IsNbdkit, "Debian's nbdkit is ended by the signal");
        Requires.Tools("qemu-io");
        using TempFolder folder = new();
        string output = Succeed(
            $"cd {folder.Path}; truncate -s 1M disk; ulimit -f 16; nbdfast file disk --run '"
            + "qemu-io -f raw -c \"write 512k 4k\" \"$uri\"; qemu-io -r -f raw -c \"read 0 4k\" \"$uri\"' 2>&1");
        Assert.Contains("write failed: No space left on device", output);
        Assert.Contains("read 4096/4096 bytes", output);
    }

    [SkippableFact]
    public void Without_an_address_run_uses_a_private_socket()
    {
        Skip.If(NativeBinary.IsNbdkit, "Debian's nbdkit is older than this rule");
        Succeed("nbdfast memory 1M --run '[ -S \"$unixsocket\" ] && [ -z \"$port\" ]'");
    }

    [SkippableFact]
    public void Port_0_is_some_free_port()
    {
        Skip.If(NativeBinary.IsNbdkit, "Debian's nbdkit does not have port 0 yet");
        Assert.Equal(
            "1048576",
            Succeed("nbdfast -i 127.0.0.1 -p 0 memory 1M --run 'nbdinfo --size nbd://127.0.0.1:$port'"));
    }

    [Fact]
    public void The_export_name_is_in_exportname_and_quoted_in_uri()
    {
        Assert.Equal(
            "a b/?: %20",
            Succeed("nbdfast -U - -e 'a b/?: %20' memory 1M --run 'echo \"$exportname\"'"));
        Assert.Contains("/a%20b?socket=", Succeed("nbdfast -U - -e 'a b' memory 1M --run 'echo \"$uri\"'"));
    }

    [Fact]
    public void The_variables_are_the_shells_and_not_the_environments()
    {
        Assert.Equal("none", Succeed("nbdfast -U - memory 1M --run 'env | grep -q ^uri= || echo none'"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(255)]
    public void The_exit_code_is_the_commands(int exitCode)
    {
        CommandResult result = ShellCommand.Run($"nbdfast -U - memory 1M --run 'exit {exitCode}'");
        Assert.Equal(exitCode, result.ExitCode);
    }

    [Fact]
    public void A_command_killed_by_a_signal_is_told_as_a_shell_does()
    {
        CommandResult result = ShellCommand.Run("nbdfast -U - memory 1M --run 'kill -9 $$'");
        result.Failed(137, "was killed by signal 9");
    }

    [Fact]
    public void The_command_has_the_standard_input_and_output_of_the_user()
    {
        Assert.Equal("hello", Succeed("echo hello | nbdfast -U - memory 1M --run cat"));
    }

    [Fact]
    public void Everything_that_was_acknowledged_is_in_the_file_when_the_command_has_ended()
    {
        Requires.Tools("nbdsh");
        Succeed(
            "f=$(mktemp) && truncate -s 1M $f && nbdfast -U - file $f" +
            " --run 'nbdsh -u \"$uri\" -c \"h.pwrite(b\\\"kept\\\", 4096)\"'" +
            " && [ \"$(dd if=$f bs=1 skip=4096 count=4 status=none)\" = kept ]; e=$?; rm -f $f; exit $e");
    }

    private static string Succeed(string commandLine) => ShellCommand.Run(commandLine).Succeeded();
}
