// Scripts that are started once and called through their pipes, with clients. Not: scripts that are run for each call
// (ScriptDiskTests).

using System;
using System.IO;
using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class CoprocessTests : IDisposable
{
    private const string Loop = """
        #!/usr/bin/python3
        import os, sys, time
        if sys.argv[1] != "coprocess":
            print({"thread_model": "parallel", "get_size": "1M"}.get(sys.argv[1], ""))
            sys.exit(0 if sys.argv[1] in ("thread_model", "get_size") else 2)
        if len(sys.argv) == 2:
            print(1)
            sys.exit(0)
        open(os.environ["folder"] + "/starts", "a").write("started\n")
        def answer(number, code, output=b"", errors=b""):
            sys.stdout.buffer.write(b"%d %d %d %d\n" % (number, code, len(output), len(errors)) + output + errors)
            sys.stdout.buffer.flush()
        def leave_child():
            import subprocess
            open(os.environ["folder"] + "/child", "w").write(str(subprocess.Popen(["sleep", "1000"]).pid))
        held = []
        for line in sys.stdin.buffer:
            number, length, *lengths = map(int, line.split())
            method, *arguments = [sys.stdin.buffer.read(n).decode() for n in lengths]
            data = sys.stdin.buffer.read(length)
            if method == "get_size":
                answer(number, 0, b"1M")
            elif method == "can_write":
                answer(number, 0)
            elif method == "pread":
                count, offset = map(int, arguments[1:])
                BODY
            else:
                answer(number, 2)
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Needs", "checkout")]
    public void The_ramdisk_keeps_what_clients_write()
    {
        string ramdisk = Path.Combine(RepositoryRoot.Path, "src", "Plugins", "Sh", "ramdisk.py");
        WriteRandom(3 << 20);
        ShellCommand.Run(
            $"nbdfast -U - sh {ramdisk} size=3M --run 'nbdcopy source \"$uri\" && nbdcopy \"$uri\" copy && " +
            "nbdinfo \"$uri\" | grep multi_conn' && cmp source copy",
            folder: _folder.Path).Succeeded();
    }

    [Fact]
    [Trait("Needs", "checkout")]
    public void The_same_script_serves_the_same_under_nbdkit()
    {
        Requires.Tools("nbdkit");
        string ramdisk = Path.Combine(RepositoryRoot.Path, "src", "Plugins", "Sh", "ramdisk.py");
        WriteRandom(300_000);
        foreach (string server in (string[])["nbdkit", "nbdfast"])
            ShellCommand.Run(
                $"{server} -U - sh {ramdisk} size=300000 --run 'nbdcopy source \"$uri\" && nbdcopy \"$uri\" copy' && " +
                "cmp source copy",
                folder: _folder.Path).Succeeded();
    }

    [Fact]
    [Trait("Needs", "checkout")]
    public void A_shell_script_can_be_one()
    {
        string window = Path.Combine(RepositoryRoot.Path, "src", "Plugins", "Sh", "window.sh");
        CommandResult result = ShellCommand.Run(
            $"nbdfast -U - sh {window} file={window} --run 'nbdcopy \"$uri\" copy' && cmp {window} copy",
            folder: _folder.Path);
        result.Succeeded();
        Assert.Equal("", result.Errors);
    }

    [Fact]
    public void Answers_may_come_in_any_order()
    {
        Serve(
            "held.append((number, count, offset)); " +
            "[answer(n, 0, bytes([o >> 12]) * c) for n, c, o in reversed(held) if len(held) == 8]",
            """
            buffers = [nbd.Buffer(4096) for _ in range(8)]
            cookies = [h.aio_pread(buffer, i << 12) for i, buffer in enumerate(buffers)]
            while h.aio_in_flight():
                h.poll(-1)
            assert all(h.aio_command_completed(cookie) for cookie in cookies)
            assert [bytes(b.to_bytearray()) for b in buffers] == [bytes([i]) * 4096 for i in range(8)]
            """).Succeeded();
        Assert.Single(File.ReadAllLines(_folder.File("starts")));
    }

    [Theory]
    [InlineData("sys.exit(3)", "the co-process has ended: exit code 3")]
    [InlineData("os.kill(os.getpid(), 15)", "the co-process has ended: signal 15")]
    [InlineData("os.write(1, b'nonsense\\n')", "the co-process wrote what is no answer")]
    [InlineData("os.write(1, b'9' * 200)", "the co-process wrote what is no answer")]
    [InlineData("os.write(1, b'%d 0 999999999999 0\\n' % number)", "the co-process wrote what is no answer")]
    [InlineData("answer(number + 1000, 0, bytes(count))", "which nobody waits for")]
    [InlineData("os.close(1); time.sleep(100)", "the co-process has ended: signal 9")]
    [InlineData("(os.write(1, b'%d 0 134217728 0\\nabc' % number), os._exit(3))", "has ended: exit code 3")]
    [InlineData("(leave_child(), os._exit(3))", "the co-process has ended: exit code 3")]
    public void One_that_fails_costs_a_request_and_is_started_again(string failure, string message)
    {
        CommandResult result = Serve(
            $"{failure} if offset else answer(number, 0, bytes(count))".Replace(
                "; time", ", time", StringComparison.Ordinal).Replace(
                "os.close(1), time.sleep(100)", "(os.close(1), time.sleep(100))", StringComparison.Ordinal),
            """
            assert h.pread(512, 0) == bytes(512)
            try:
                h.pread(512, 512)
                assert False
            except nbd.Error as error:
                assert error.errno == 'EIO', error
            assert h.pread(512, 0) == bytes(512)
            """);
        result.Succeeded();
        Assert.Contains(message, result.Errors, StringComparison.Ordinal);
        Assert.Equal(2, File.ReadAllLines(_folder.File("starts")).Length);
    }

    [Theory]
    [InlineData("answer(number, 1, b'', b'ENOSPC it is full')", "ENOSPC", "it is full")]
    [InlineData("answer(number, 1)", "EIO", "did not print an error message")]
    [InlineData("answer(number, 0, bytes(count - 1))", "EIO", "incorrect amount of data read")]
    [InlineData("answer(number, 0, bytes(count + 1))", "EIO", "incorrect amount of data read")]
    [InlineData(
        "(print('by the way', file=sys.stderr, flush=True), answer(number, 1, b'', b'EPERM no'))",
        "EPERM", "by the way")]
    public void Errors_are_those_of_runs(string answer, string error, string message)
    {
        CommandResult result = Serve(
            answer,
            $$"""
            try:
                h.pread(512, 512)
                assert False
            except nbd.Error as error:
                assert error.errno == '{{error}}', error
            """);
        result.Succeeded();
        Assert.Contains(message, result.Errors, StringComparison.Ordinal);
        Assert.Single(File.ReadAllLines(_folder.File("starts")));
    }

    [Fact]
    public void One_that_does_not_end_by_itself_is_killed()
    {
        CommandResult result = Serve(
            "answer(number, 0, bytes(count))", "assert h.pread(512, 0) == bytes(512)", afterLoop: "time.sleep(1000)");
        result.Succeeded();
        Assert.NotEqual(0, ShellCommand.Run($"pgrep -f {_folder.File("script")}").ExitCode);
    }

    [Fact]
    public void One_that_takes_no_more_calls_is_started_again()
    {
        Serve(
            "(os.close(0), answer(number, 0, bytes(count)), time.sleep(1000)) if offset " +
            "else answer(number, 0, bytes(count))",
            """
            assert h.pread(512, 512) == bytes(512)
            try:
                h.pread(512, 0)
                assert False
            except nbd.Error as error:
                assert error.errno == 'EIO', error
            assert h.pread(512, 0) == bytes(512)
            """).Succeeded();
        Assert.Equal(2, File.ReadAllLines(_folder.File("starts")).Length);
    }

    [Fact]
    public void A_child_that_holds_its_pipes_does_not_keep_the_server_from_ending() => Serve(
        "(leave_child(), answer(number, 0, bytes(count)))", "assert h.pread(512, 0) == bytes(512)").Succeeded();

    // What the server then says is that it did not wait.
    [Theory]
    [InlineData("None")]
    [InlineData("time.sleep(1000)")]
    public void One_that_never_answers_ends_with_the_server(string body)
    {
        Serve(
            body,
            """
            import os
            h.aio_pread(nbd.Buffer(512), 0)
            h.aio_pwrite(nbd.Buffer(1 << 20), 0)
            for _ in range(20):
                h.poll(10)
            os._exit(0)
            """).Succeeded();
        Assert.NotEqual(0, ShellCommand.Run($"pgrep -f {_folder.File("script")}").ExitCode);
    }

    [Fact]
    [Trait("Needs", "checkout")]
    public void Large_answers_come_in_parallel()
    {
        string ramdisk = Path.Combine(RepositoryRoot.Path, "src", "Plugins", "Sh", "ramdisk.py");
        ShellCommand.Run(
            $"nbdfast -U - sh {ramdisk} size=128M " +
            "--run 'nbdcopy --request-size=33554432 --requests=4 --connections=1 \"$uri\" null:'",
            folder: _folder.Path).Succeeded();
    }

    private void WriteRandom(int count)
    {
        byte[] bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        File.WriteAllBytes(_folder.File("source"), bytes);
    }

    private CommandResult Serve(string body, string client, string afterLoop = "")
    {
        string script = Loop.Replace("BODY", body, StringComparison.Ordinal);
        File.WriteAllText(_folder.File("text"), $"{script}\n{afterLoop}");
        File.WriteAllText(_folder.File("client"), client);
        return ShellCommand.Run(
            "install -m 755 text script && export folder=$PWD && " +
            "nbdfast -U - sh script --run 'nbdsh -u \"$uri\" -c - <client'; code=$?; " +
            "[ ! -e child ] || kill $(cat child); exit $code",
            folder: _folder.Path);
    }
}
