// The server's dealings with the world of processes: PID file, private socket, the command of --run. Not: signals and
// the background, which need a process of their own (Interop).

using System;
using System.IO;
using System.Threading;
using NbdFast.Native;
using NbdFast.Server;
using NbdFast.Testing;
using Xunit;

namespace NbdFast.Core.Tests.Server;

public sealed class ProcessTests
{
    [Fact]
    public void The_PID_file_holds_the_number_and_is_overwritten()
    {
        using var folder = new TempFolder();
        string path = folder.File("pid");
        File.WriteAllText(path, "something much longer than a number");
        PidFile.Write(path);
        Assert.Equal($"{Environment.ProcessId}\n", File.ReadAllText(path));
    }

    [Fact]
    public void A_PID_file_that_cannot_be_written_is_told()
    {
        ConfigException e = Assert.Throws<ConfigException>(() => PidFile.Write("/nonexistent/pid"));
        Assert.Equal("/nonexistent/pid: No such file or directory", e.Message);
        e = Assert.Throws<ConfigException>(() => PidFile.Write("/dev/full"));
        Assert.Equal("/dev/full: No space left on device", e.Message);
    }

    [Fact]
    public void A_private_socket_has_a_directory_of_its_own_until_it_is_disposed_of()
    {
        string folder;
        using (var socket = new PrivateSocket())
        {
            folder = Path.GetDirectoryName(socket.Path)!;
            const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(folder));
            File.WriteAllText(socket.Path, "");
        }

        Assert.False(Directory.Exists(folder));
    }

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("kill -TERM $$", 128 + 15)]
    [InlineData("kill -KILL $$", 128 + 9)]
    [InlineData("exec /nonexistent/command 2>/dev/null", 127)]
    public void The_end_of_a_captive_command_is_told_with_its_exit_code(string script, int exitCode)
    {
        using var ended = new ManualResetEventSlim();
        Captive captive = Captive.Start(script, ended.Set);
        Assert.Equal(exitCode, captive.WaitForExitCode());
        Assert.True(ended.IsSet);
    }

    [Fact]
    public void A_program_that_is_not_there_cannot_be_started() =>
        Assert.Equal(-(int)Errno.ENOENT, Libc.Spawn("/nonexistent/program", ["program"]));

    [Fact]
    public void A_child_inherits_the_named_descriptor_and_no_other()
    {
        Assert.Equal(Errno.Ok, Libc.Pipe(out int read, out int write));
        Assert.Equal(Errno.Ok, Libc.Pipe(out int otherRead, out int otherWrite));
        string script = $"cd /proc/self/fd && test -e {write} && ! test -e {otherWrite} && echo yes >{write}";
        int child = Libc.Spawn("/bin/sh", ["sh", "-c", script], inherited: write);
        Assert.True(child > 0);
        Assert.Equal(Errno.Ok, Libc.Close(write));
        byte[] answer = new byte[8];
        Assert.Equal(4, Libc.Read(read, answer));
        Assert.Equal(Errno.Ok, Libc.WaitForChild(child, out int status));
        Assert.Equal(0, status);
        foreach (int descriptor in (int[])[read, otherRead, otherWrite])
            Assert.Equal(Errno.Ok, Libc.Close(descriptor));
    }

    [Fact]
    public void Nothing_but_a_launcher_makes_a_server_in_the_background()
    {
        const string Variable = "NBDFAST_BACKGROUND";
        try
        {
            // The second: this process is not the child of the one that the variable names.
            foreach (string text in (string[])["", $"1:{Environment.ProcessId}", "1", "x:y"])
            {
                Environment.SetEnvironmentVariable(Variable, text);
                Assert.Null(Background.Enter());
            }
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }
}
