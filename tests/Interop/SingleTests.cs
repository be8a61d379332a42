// One connection on standard input and output (-s): from inetd, a socket pair, pipes. Not: listening sockets.

using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class SingleTests
{
    // A client of few words at the other end of two pipes: chooses the default export, reads, goes.
    private const string PipeClient = """
        cat >client <<'PYTHON'
        import struct, subprocess, sys
        p = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert p.stdout.read(16) == b"NBDMAGICIHAVEOPT"
        flags, = struct.unpack(">H", p.stdout.read(2))
        p.stdin.write(struct.pack(">I", flags) + b"IHAVEOPT" + struct.pack(">II", 1, 0))
        p.stdin.flush()
        size, _ = struct.unpack(">QH", p.stdout.read(10))
        data = b"x" * 300000
        p.stdin.write(struct.pack(">IHHQQI", 0x25609513, 0, 1, 1, 4096, len(data)) + data)
        p.stdin.write(struct.pack(">IHHQQI", 0x25609513, 0, 0, 2, 4096, len(data)))
        p.stdin.flush()
        assert p.stdout.read(16) == struct.pack(">IIQ", 0x67446698, 0, 1)
        assert p.stdout.read(16) == struct.pack(">IIQ", 0x67446698, 0, 2)
        assert p.stdout.read(len(data)) == data
        p.stdin.close()
        print(size, len(p.stdout.read()), p.wait())
        PYTHON

        """;

    public SingleTests() => Requires.Tools("nbdsh");

    [Theory]
    [InlineData("-s")]
    [InlineData("--single")]
    [InlineData("--stdin")]
    [InlineData("-fsv")]
    public void A_socket_pair_is_served(string option) => Assert.Equal(
        "1048576 abc",
        ShellCommand.Run(
            $"nbdsh -c 'h.connect_command([\"nbdfast\", \"{option}\", \"memory\", \"1M\"])'"
            + " -c 'h.pwrite(b\"abc\", 100); print(h.get_size(), h.pread(3, 100).decode()); h.shutdown()'")
            .Succeeded());

    [Fact]
    public void Pipes_are_served_and_nothing_but_the_protocol_is_written()
    {
        using TempFolder folder = new();
        Assert.Equal(
            "1048576 0 0",
            ShellCommand.Run($"{PipeClient}/usr/bin/python3 client nbdfast -s memory 1M", folder: folder.Path)
                .Succeeded());
    }

    [Fact]
    public void The_end_of_standard_input_ends_the_server_with_0()
    {
        CommandResult result = ShellCommand.Run("nbdfast -s memory 1M </dev/null | od -An -c | tr -d ' \\n'");
        Assert.Equal("NBDMAGICIHAVEOPT\\0003", result.Succeeded());
    }

    // inetd's "wait" would do that; nobody would ever answer.
    [Fact]
    public void A_socket_that_listens_is_refused()
    {
        using TempFolder folder = new();
        ShellCommand.Run(
            """
            /usr/bin/python3 -c '
            import socket, subprocess, sys
            listening = socket.socket(socket.AF_UNIX)
            listening.bind("socket")
            listening.listen()
            sys.exit(subprocess.run(["nbdfast", "-s", "null"], stdin=listening).returncode)'
            """,
            folder: folder.Path).Failed(1, "-s: standard input is a socket that listens");
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public void A_signal_ends_a_server_whose_client_is_silent(string signal)
    {
        using TempFolder folder = new();
        ShellCommand.Run(
            "mkfifo in; sleep 100 >in & silent=$!; nbdfast -s -P pid memory 1M <in >out & server=$!; "
            + $"while [ ! -s pid ]; do sleep 0.01; done; kill -{signal} $server; wait $server; e=$?; "
            + "kill $silent; exit $e",
            folder: folder.Path).Succeeded();
    }

    [Fact]
    public void A_signal_ends_a_server_whose_client_reads_no_replies()
    {
        using TempFolder folder = new();
        Assert.Equal(
            "0",
            ShellCommand.Run(
                """
                cat >client <<'PYTHON'
                import struct, subprocess, sys, time
                p = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
                p.stdout.read(18)
                p.stdin.write(struct.pack(">I", 3) + b"IHAVEOPT" + struct.pack(">II", 1, 0))
                p.stdin.flush()
                p.stdout.read(10)
                for i in range(20):
                    p.stdin.write(struct.pack(">IHHQQI", 0x25609513, 0, 0, i, 0, 1 << 20))
                p.stdin.flush()
                time.sleep(0.3)   # Enough for the pipe to fill; nothing fails if it does not.
                p.terminate()
                print(p.wait())
                PYTHON
                /usr/bin/python3 client nbdfast -s memory 1M
                """,
                folder: folder.Path).Succeeded());
    }

    [SkippableFact]
    public void Where_messages_would_reach_the_client_they_go_to_the_system_log()
    {
        Skip.If(NativeBinary.IsNbdkit, "nbdkit writes them among the protocol");
        using TempFolder folder = new();
        // As inetd does it: one socket in the place of all three streams.
        ShellCommand.Run(
            """
            cat >inetd <<'PYTHON'
            import socket, subprocess, sys
            ours, theirs = socket.socketpair()
            p = subprocess.Popen(sys.argv[1:], stdin=theirs, stdout=theirs, stderr=theirs)
            theirs.close()
            greeting = ours.recv(18, socket.MSG_WAITALL)
            ours.send(b"nonsense")
            rest = b""
            while (part := ours.recv(1000)):
                rest += part
            p.wait()
            assert greeting[:16] == b"NBDMAGICIHAVEOPT", greeting
            assert rest == b"", rest
            PYTHON
            /usr/bin/python3 inetd nbdfast -sv memory 1M
            """,
            folder: folder.Path).Succeeded();
    }

    [SkippableFact]
    public void A_unit_that_writes_to_standard_output_does_not_write_to_the_client()
    {
        Skip.If(NativeBinary.IsNbdkit, "with nbdkit it does");
        Assert.Equal(
            "1048576",
            ShellCommand.Run(
                "nbdsh -c 'h.connect_command([\"nbdfast\", \"-s\", \"--filter=log\", \"memory\", \"1M\", "
                + "\"logfile=/dev/stdout\"])' -c 'print(h.get_size()); h.shutdown()'").Succeeded());
    }
}
