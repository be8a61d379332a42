// Odd surroundings: streams that are closed, a directory that is gone, no environment, no descriptors, the system log.
// Not: ordinary starts (StartTests).

using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class SurroundingsTests
{
    private const string Size = "nbdinfo --size nbd+unix://?socket=$PWD/socket";

    public SurroundingsTests() => Requires.Tools("nbdinfo", "nbdsh");

    [SkippableTheory]
    [InlineData("<&-")]
    [InlineData(">&-")]
    [InlineData("2>&-")]
    [InlineData("<&- >&- 2>&-")]
    public void Closed_streams_do_not_get_the_sockets_number(string closing)
    {
        Skip.If(NativeBinary.IsNbdkit, "Debian's nbdkit returns before its PID file is there");
        Assert.Equal(
            "1048576\n/dev/null /dev/null",
            Run($"nbdfast -U socket -P pid memory 1M {closing} && {Size}; "
                + "echo $(readlink /proc/$(cat pid)/fd/0 /proc/$(cat pid)/fd/1); kill $(cat pid)"));
    }

    [Fact]
    public void In_the_background_nothing_of_the_caller_is_held() => Assert.Equal(
        "/\n/dev/null\n/dev/null\n/dev/null",
        Run("nbdfast -U socket -P pid memory 1M; "
            + "readlink /proc/$(cat pid)/{cwd,fd/0,fd/1,fd/2}; kill $(cat pid)"));

    [Fact]
    public void A_directory_that_is_gone_matters_to_relative_paths_only()
    {
        const string Gone = "mkdir gone; d=$PWD; cd gone; rmdir ../gone; ";
        Assert.Equal(
            "1048576",
            Run(Gone + "nbdfast -U $d/socket -P $d/pid memory 1M && cd $d && " + Size + "; kill $(cat pid)"));
        using TempFolder folder = new();
        ShellCommand.Run(Gone + "nbdfast -f -U socket memory 1M", folder: folder.Path)
            .Failed(1, "No such file or directory");
    }

    [Fact]
    public void Without_environment_and_terminal_the_server_runs() => Assert.Equal(
        "1048576",
        Run("setsid env -i \"$(command -v nbdfast)\" -U socket -P pid memory 1M && " + Size + "; kill $(cat pid)"));

    [SkippableFact]
    public void Without_descriptors_the_server_waits_and_goes_on()
    {
        Skip.If(NativeBinary.IsNbdkit, "Debian's nbdkit ends");
        // More clients than descriptors, then none of them, then one.
        string output = Run("""
            (ulimit -n 24; exec nbdfast -f -U socket -P pid memory 1M 2>log) & while [ ! -s pid ]; do sleep 0.01; done
            /usr/bin/python3 - <<'PYTHON'
            import socket, time
            clients = [socket.socket(socket.AF_UNIX) for i in range(60)]
            for c in clients:
                c.connect("socket")
            while not open("log").read():
                time.sleep(0.01)
            time.sleep(0.5)
            PYTHON
            nbdinfo --size nbd+unix://?socket=$PWD/socket; kill $(cat pid); wait; grep -c 'accept:' log
            """);
        Assert.Equal("1048576\n1", output);
    }

    [SkippableFact]
    [Trait("Needs", "root")]
    public void The_system_log_gets_messages_with_name_number_and_instance()
    {
        Requires.Root();
        Skip.If(System.IO.Path.Exists("/dev/log"), "this machine has a system log, which belongs to others");
        string[] lines = Run("""
            /usr/bin/python3 - <<'PYTHON'
            import os, socket, subprocess
            log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            log.bind("/dev/log")
            try:
                for options in [["-f", "--log=syslog"], ["-f", "--name=disk", "--log=syslog"]]:
                    p = subprocess.run(["nbdfast", "-U", "-", *options, "memory", "1X"], stderr=subprocess.PIPE)
                    print(p.returncode, len(p.stderr), log.recv(1000).decode().split(" ", 3)[3])
            finally:
                os.unlink("/dev/log")
            PYTHON
            """).Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Matches(@"^1 0 .*nbd(fast|kit)\[\d+\]: .*could not parse size: unknown suffix 'X'", lines[0]);
        Assert.Matches(@"^1 0 .*nbd(fast|kit)\[\d+\]: disk: .*could not parse size", lines[1]);
    }

    [SkippableFact]
    public void Errors_are_red_on_a_terminal_and_nowhere_else()
    {
        const string Red = "\e[1;31m";
        Assert.Contains(Red, Run("script -qec 'nbdfast -f -U - memory 1X' /dev/null || :"));
        Assert.DoesNotContain(Red, Run("nbdfast -f -U - memory 1X 2>&1 || :"));
        Skip.If(NativeBinary.IsNbdkit, "nbdkit does not know NO_COLOR");
        Assert.DoesNotContain(Red, Run("NO_COLOR=1 script -qec 'nbdfast -f -U - memory 1X' /dev/null || :"));
    }

    private static string Run(string script)
    {
        using TempFolder folder = new();
        return ShellCommand.Run(script, folder: folder.Path).Succeeded();
    }
}
