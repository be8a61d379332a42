// Sockets handed over by whoever starts the server, as systemd does it. Not: units for systemd (InstallTests), sockets
// of the server's own (StartTests).

using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class ActivationTests
{
    // activate SOCKETS COUNT COMMAND...: binds Unix sockets s0, s1, ... and the TCP port of s-port, hands them over as
    // descriptors 3, 4, ..., and becomes the command.
    private const string Activate = """
        cat >activate <<'PYTHON'
        import fcntl, os, socket, sys
        kinds, count, command = sys.argv[1], sys.argv[2], sys.argv[3:]
        sockets = []
        for i, kind in enumerate(kinds):
            if kind == "u":
                s = socket.socket(socket.AF_UNIX)
                s.bind("s%d" % i)
            elif kind == "t":
                s = socket.socket()
                s.bind(("127.0.0.1", 0))
                open("port", "w").write("%d" % s.getsockname()[1])
            else:
                s = socket.socket(socket.AF_VSOCK)
                s.bind((0xffffffff, 0xffffffff))
            s.listen()
            sockets.append(s)
        copies = [fcntl.fcntl(s.fileno(), fcntl.F_DUPFD, 100) for s in sockets]
        for i, copy in enumerate(copies):
            os.dup2(copy, 3 + i)
            os.close(copy)
        os.environ["LISTEN_PID"] = str(os.getpid())
        os.environ["LISTEN_FDS"] = count
        os.execvp(command[0], command)
        PYTHON
        # The shell itself: in the background it becomes the server.
        activate() { exec /usr/bin/python3 activate "$@"; }
        # Waits until a file is there.
        await() { while [ ! -s "$1" ]; do sleep 0.01; done; }

        """;

    public ActivationTests() => Requires.Tools("nbdinfo", "nbdsh");

    [Fact]
    public void Libnbd_starts_the_server_with_a_socket_of_its_own() => Assert.Equal(
        "1048576",
        Run("""
            nbdsh -c 'h.connect_systemd_socket_activation(["nbdfast", "--exit-with-parent", "memory", "1M"])' \
                -c 'print(h.get_size())' -c 'h.shutdown()'
            """));

    [Fact]
    public void Several_sockets_of_several_kinds_are_served_at_once() => Assert.Equal(
        "1048576\n1048576\n1048576",
        Run("""
            activate utu 3 nbdfast -P pid memory 1M & await pid
            nbdinfo --size 'nbd+unix://?socket=s0'; nbdinfo --size nbd://127.0.0.1:$(cat port)
            nbdinfo --size 'nbd+unix://?socket=s2'; kill $(cat pid); wait $!
            """));

    [Fact]
    public void Systemds_own_program_starts_the_server_for_the_first_client()
    {
        Requires.Tools("systemd-socket-activate");
        Assert.Equal(
            "waiting\n1048576\n1048576",
            Run("""
                systemd-socket-activate -l $PWD/one -l $PWD/two --fdname=one:two -E PATH="$PATH" \
                    nbdfast -P $PWD/pid memory 1M 2>said & starter=$!
                until [ -S two ]; do sleep 0.01; done
                [ -e pid ] || echo waiting
                nbdinfo --size 'nbd+unix://?socket=two'; nbdinfo --size 'nbd+unix://?socket=one'
                kill $(cat pid); wait $starter
                """));
    }

    [SkippableFact]
    public void A_vsock_socket_may_be_among_them()
    {
        Requires.Vsock();
        Assert.Equal(
            "1048576",
            Run("""
                activate vu 2 nbdfast -P pid memory 1M & await pid
                nbdinfo --size 'nbd+unix://?socket=s1'; kill $(cat pid); wait $!
                """));
    }

    [Fact]
    public void The_server_stays_in_the_foreground_and_ends_with_0_on_a_signal() => Assert.Equal(
        "same\n0",
        Run("""
            activate u 1 nbdfast -P pid memory 1M & await pid
            [ $(cat pid) = $! ] && echo same; kill $!; wait $!; echo $?
            """));

    [SkippableFact]
    public void The_uri_is_that_of_the_socket()
    {
        Skip.If(NativeBinary.IsNbdkit, "Debian's nbdkit has no --print-uri yet");
        Assert.Contains(
            "nbd+unix:///e?socket=s0\n",
            Run("activate u 1 nbdfast -e e -P pid --print-uri memory 1M & await pid; kill $!; wait $!"));
    }

    [Theory]
    [InlineData("-p 1")]
    [InlineData("-U x")]
    [InlineData("-i 127.0.0.1")]
    [InlineData("-s")]
    [InlineData("--run true")]
    public void Options_for_other_sockets_are_refused(string option) => Fail(
        $"activate u 1 nbdfast {option} memory 1M",
        $"cannot use socket activation with {option.Split(' ')[0]} flag");

    [Theory]
    [InlineData("0", "LISTEN_FDS=0 out of range")]
    [InlineData("17", "LISTEN_FDS=17 out of range")]
    [InlineData("2", "invalid file descriptor fd = 4")]
    public void A_number_that_cannot_be_right_is_refused(string count, string reason) =>
        Fail($"activate u {count} nbdfast memory 1M 4<&-", reason);

    [SkippableFact]
    public void A_descriptor_that_does_not_listen_is_refused_with_its_name()
    {
        Skip.If(NativeBinary.IsNbdkit, "Debian's nbdkit takes it");
        Fail(
            "LISTEN_FDNAMES=one:two activate uu 2 bash -c 'exec nbdfast memory 1M 4</dev/null'",
            "fd = 4 (two): Socket operation on non-socket");
    }

    [Fact]
    public void Variables_for_another_process_mean_nothing()
    {
        using TempFolder folder = new();
        CommandResult result = ShellCommand.Run(
            "LISTEN_PID=1 LISTEN_FDS=1 nbdfast -U - memory 1M --run 'nbdinfo --size \"$uri\"'", folder: folder.Path);
        Assert.Equal("1048576", result.Succeeded());
        Assert.Contains("LISTEN_PID was not for us (ignored)", result.Errors);
    }

    private static string Run(string script)
    {
        using TempFolder folder = new();
        return ShellCommand.Run(Activate + script, folder: folder.Path).Succeeded();
    }

    private static void Fail(string script, string reason)
    {
        using TempFolder folder = new();
        ShellCommand.Run(Activate + script, folder: folder.Path).Failed(1, reason);
    }
}
