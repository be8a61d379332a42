// Starting: into the background, with a PID file, or not at all. Not: options of units.

using System.IO;
using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class StartTests
{
    [Fact]
    public void In_the_background_the_server_is_ready_when_the_command_returns()
    {
        Requires.Tools("nbdinfo");
        using TempFolder folder = new();
        // Neither the socket nor the PID file goes when the server does: that is the caller's business.
        ShellCommand.Run(
            "nbdfast -P pid -U s memory 1M && [ \"$(nbdinfo --size nbd+unix:///?socket=s)\" = 1048576 ]" +
            " && kill $(cat pid) && while kill -0 $(cat pid) 2>/dev/null; do sleep 0.05; done" +
            " && [ -S s ] && [ -f pid ]",
            folder: folder.Path).Succeeded();
    }

    [Fact]
    public void In_the_background_relative_paths_mean_what_they_meant_at_the_start()
    {
        Requires.Tools("nbdsh");
        using TempFolder folder = new();
        ShellCommand.Run(
            "truncate -s 1M disk && nbdfast -P pid -U s file disk" +
            " && nbdsh -u 'nbd+unix:///?socket=s' -c 'h.pwrite(b\"here\", 0)'" +
            "; kill $(cat pid) && [ \"$(head -c 4 disk)\" = here ]",
            folder: folder.Path).Succeeded();
    }

    [Fact]
    public void The_pid_file_holds_the_process_and_a_newline()
    {
        using ServerProcess server = ServerProcess.Start("memory 1M");
        Assert.Equal($"{server.ProcessId}\n", File.ReadAllText(Path.Combine(server.Folder, "pid")));
    }

    [Theory]
    [InlineData("memory", "size=<SIZE>")]
    [InlineData("memory 1X", "unknown suffix 'X'")]
    [InlineData("memory size=-1", "size cannot be negative (-1)")]
    [InlineData("no-such-plugin-here", "no-such-plugin-here")]
    [InlineData("--filter=no-such-filter-here memory 1M", "no-such-filter-here")]
    [InlineData("file /no/such/file", "/no/such/file")]
    [InlineData("-t x memory 1M", "threads: could not parse number: \"x\"")]
    [InlineData("memory 1M nonsense=1", "nonsense")]
    [InlineData("memory 1M -U /no/such/folder/socket", "/no/such/folder/socket: No such file or directory")]
    public void A_wrong_command_line_ends_with_1_and_says_what_is_wrong(string arguments, string reason)
    {
        if (NativeBinary.IsNbdkit && arguments.StartsWith("-t x", System.StringComparison.Ordinal))
            reason = "threads: empty string where we expected a number";
        ShellCommand.Run($"nbdfast -f -U - {arguments}").Failed(1, reason);
    }

    [Fact]
    public void A_wrong_command_line_fails_before_going_into_the_background()
    {
        using TempFolder folder = new();
        CommandResult result = ShellCommand.Run("nbdfast -P pid -U s memory 1X", folder: folder.Path);
        result.Failed(1, "unknown suffix 'X'");
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_socket_in_use_is_not_taken_away_from_its_server()
    {
        Requires.Tools("nbdinfo");
        using ServerProcess server = ServerProcess.Start("memory 1M");
        CommandResult second = ShellCommand.Run($"nbdfast -f -U {server.SocketPath} memory 2M");
        second.Failed(1, "Address already in use");
        Assert.Equal("1048576", server.Run("nbdinfo --size $uri"));
    }

    [Fact]
    public void A_port_in_use_is_told()
    {
        using ServerProcess server = ServerProcess.StartTcp("memory 1M");
        ShellCommand.Run($"nbdfast -f -i 127.0.0.1 -p {server.Port} memory 2M").Failed(1, "Address already in use");
    }
}
