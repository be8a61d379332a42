// Hosts that fail while a file of theirs is served, or before. Not: servers that break the protocol (Plugins.Tests),
// who is not let in (SshLoginTests).

using System;
using System.IO;
using System.Threading.Tasks;
using NbdFast.Testing;
using NbdFast.Testing.Native;

namespace NbdFast.Interop;

// The user nobody, who runs tests for root, may not log in anywhere.
[Trait("Needs", "root")]
public sealed class SshFaultTests : IDisposable
{
    // The process that serves files tells its number, so that a test can stop it, and can write no file beyond 8 MiB
    // (ulimit of sh counts 512 bytes).
    private const string Files = """
        head -c 4M /dev/urandom >disk; truncate -s 32M empty
        echo 'echo $$ >../sftp; trap "" XFSZ; ulimit -f 16384; exec /usr/lib/openssh/sftp-server' >serve
        """;

    private const string Serve = "sftp cd FOLDER/files && exec /bin/sh ./serve";

    private SshServer? _ssh;

    private SshServer Ssh => _ssh!;

    public void Dispose() => _ssh?.Dispose();

    [Theory]
    [InlineData("other internal-sftp", "", "failed to start the SFTP server: ")]
    [InlineData("sftp /bin/false", "", "the connection to the SFTP server is lost: ")]
    [InlineData("sftp /bin/echo welcome to this machine", "", "the SFTP server breaks the protocol: a message has")]
    [InlineData("sftp internal-sftp", "ForceCommand /bin/true", "the connection to the SFTP server is lost: ")]
    [InlineData("sftp internal-sftp", "MaxSessions 0", "failed to open a channel: ")]
    public void What_serves_no_files_is_refused_and_the_server_stays(string subsystem, string options, string gist)
    {
        Requires.Tools("nbdinfo");
        _ssh = new SshServer(Files, options, subsystem: subsystem);
        using ServerProcess server = ServerProcess.Start($"ssh {Ssh.Parameters} {Ssh.Files}/disk");
        Assert.NotEqual(0, server.Try("nbdinfo $uri").ExitCode);
        server.HasSaid(gist);
        Assert.NotEqual(0, server.Try("nbdinfo $uri").ExitCode);
    }

    [Fact]
    public async Task A_client_whose_connection_is_cut_gets_errors_and_the_next_one_is_served()
    {
        Requires.Tools("nbdsh", "nbdinfo");
        _ssh = new SshServer(Files);
        using ServerProcess server = ServerProcess.Start($"ssh {Ssh.Parameters} {Ssh.Files}/disk");
        File.WriteAllText(Ssh.Key("go"), "");
        string waits = $$"""
            nbdsh -u $uri -c "
            import os, time
            h.pread(512, 0)
            os.rename('{{Ssh.Key("go")}}', '{{Ssh.Key("gone")}}')
            while not os.path.exists('{{Ssh.Key("cut")}}'):
                time.sleep(0.01)
            for n in range(2):
                try:
                    h.pread(512, 0)
                    assert False
                except nbd.Error as error:
                    assert error.errno == 'EIO', error
            try:
                h.pwrite(b'x', 0)
                assert False
            except nbd.Error as error:
                assert error.errno == 'EIO', error
            def used():
                return sum(map(int, open('/proc/{{server.ProcessId}}/stat').read().split()[13:15]))
            before = used()
            time.sleep(0.5)
            assert used() - before < 10, 'it does not sleep'
            h.shutdown()"
            """;
        Task<string> client = Task.Run(() => server.Run(waits));
        while (!File.Exists(Ssh.Key("gone")) && !client.IsCompleted)
            await Task.Delay(5);
        Ssh.Kill();
        File.WriteAllText(Ssh.Key("cut"), "");
        await client;
        Assert.NotEqual(0, server.Try("nbdinfo $uri").ExitCode);
        server.HasSaid("failed to connect to remote host: 127.0.0.1: Connection refused");
        Ssh.Restart();
        Assert.Equal("4194304", server.Run("nbdinfo --size $uri"));
    }

    [Theory]
    [InlineData("h.aio_pread(nbd.Buffer(65536), n % 64 << 16)")]
    [InlineData("h.aio_pwrite(nbd.Buffer.from_bytearray(bytearray(65536)), n % 64 << 16)")]
    public async Task What_is_under_way_when_the_host_dies_fails_and_later_clients_are_served(string request)
    {
        Requires.Tools("nbdsh", "nbdinfo");
        _ssh = new SshServer(Files);
        using ServerProcess server = ServerProcess.Start($"ssh {Ssh.Parameters} {Ssh.Files}/disk");
        Task<string> client = Task.Run(() => server.Run($$"""
            nbdsh -u $uri -c "
            failed = ended = 0
            under_way = []
            for n in range(10000000):
                under_way.append({{request}})
                if n == 100:
                    open('{{Ssh.Key("busy")}}', 'w').close()
                if len(under_way) < 32:
                    continue
                h.poll(-1)
                for cookie in list(under_way):
                    try:
                        if h.aio_command_completed(cookie):
                            under_way.remove(cookie)
                    except nbd.Error as error:
                        assert error.errno == 'EIO', error
                        under_way.remove(cookie)
                        failed += 1
                if failed > 64:
                    break
            assert failed > 64
            h.shutdown()"
            """));
        while (!File.Exists(Ssh.Key("busy")) && !client.IsCompleted)
            await Task.Delay(5);
        Ssh.Kill();
        await client;
        Ssh.Restart();
        Assert.Equal("4194304", server.Run("nbdinfo --size $uri"));
    }

    // More than the window of the channel and all buffers between hold is written to a server that has been stopped.
    [Fact]
    public void A_server_that_pauses_is_waited_for_asleep()
    {
        Requires.Tools("nbdsh");
        _ssh = new SshServer(Files, subsystem: Serve);
        using ServerProcess server = ServerProcess.Start($"ssh {Ssh.Parameters} {Ssh.Files}/empty");
        server.Run($$"""
            nbdsh -u $uri -c "
            import os, random, signal, time
            content = random.Random(1).randbytes(8 << 20)
            sftp = int(open('{{Ssh.Key("sftp")}}').read())
            os.kill(sftp, signal.SIGSTOP)
            try:
                buffers = [nbd.Buffer.from_bytearray(bytearray(content[n:n + 65536]))
                           for n in range(0, len(content), 65536)]
                writes = [h.aio_pwrite(buffer, n << 16) for n, buffer in enumerate(buffers)]
                until = time.monotonic() + 1
                while time.monotonic() < until:
                    h.poll(50)
                def used():
                    return sum(map(int, open('/proc/{{server.ProcessId}}/stat').read().split()[13:15]))
                before = used()
                until = time.monotonic() + 0.5
                while time.monotonic() < until:
                    h.poll(50)
                assert used() - before < 10, 'it does not sleep'
                assert not all(map(h.aio_command_completed, writes[-8:]))
            finally:
                os.kill(sftp, signal.SIGCONT)
            while h.aio_in_flight() > 0:
                h.poll(-1)
            assert h.pread(len(content), 0) == content
            h.shutdown()"
            cmp -n 8388608 {{Ssh.Files}}/empty <(python3 -c '
            import random, sys
            sys.stdout.buffer.write(random.Random(1).randbytes(8 << 20))')
            """);
    }

    [Fact]
    public void A_server_that_hangs_keeps_neither_a_client_that_goes_nor_the_server_from_ending()
    {
        Requires.Tools("nbdsh");
        _ssh = new SshServer(Files, subsystem: Serve);
        using ServerProcess server = ServerProcess.Start($"ssh {Ssh.Parameters} {Ssh.Files}/empty");
        server.Run($$"""
            nbdsh -u $uri -c "
            import os, signal
            os.kill(int(open('{{Ssh.Key("sftp")}}').read()), signal.SIGSTOP)
            buffer = nbd.Buffer(65536)
            h.aio_pread(buffer, 0)
            h.poll(100)
            os._exit(0)"
            """);
        Assert.Equal(0, server.End(Signal.Terminate));
    }

    // Also what has no room: SFTP has no word for that.
    [Fact]
    public void What_cannot_be_written_fails_and_what_is_there_stays()
    {
        Requires.Tools("nbdsh");
        _ssh = new SshServer(Files, subsystem: Serve);
        using ServerProcess server = ServerProcess.Start($"ssh {Ssh.Parameters} {Ssh.Files}/empty");
        server.Run("""
            nbdsh -u $uri -c "
            h.pwrite(b'a' * 65536, (8 << 20) - 65536)
            for offset in (8 << 20, 20 << 20):
                try:
                    h.pwrite(b'b' * 300000, offset)
                    assert False
                except nbd.Error as error:
                    assert error.errno == 'EIO', error
            assert h.pread(65536, (8 << 20) - 65536) == b'a' * 65536
            assert h.pread(300000, 20 << 20) == bytes(300000)
            h.flush()
            h.shutdown()"
            """);
        server.HasSaid("pwrite: SFTP server: Failure");
    }

    [Fact]
    public void A_file_that_is_removed_is_served_to_its_clients_on()
    {
        Requires.Tools("nbdsh", "nbdinfo");
        _ssh = new SshServer(Files);
        using ServerProcess server = ServerProcess.Start($"ssh {Ssh.Parameters} {Ssh.Files}/disk");
        server.Run($$"""
            nbdsh -u $uri -c "
            import os
            before = h.pread(65536, 0)
            os.unlink('{{Ssh.Files}}/disk')
            assert h.pread(65536, 0) == before
            h.pwrite(b'new', 100)
            h.flush()
            assert h.pread(3, 100) == b'new'
            h.shutdown()"
            """);
        Assert.NotEqual(0, server.Try("nbdinfo $uri").ExitCode);
        server.HasSaid("cannot open file for writing: SFTP server: No such file");
    }

    // sshd asks after those who say nothing, and lets go of who does not answer: after three seconds here.
    [Fact]
    public void A_client_that_does_nothing_keeps_its_connection()
    {
        Requires.Tools("nbdsh");
        _ssh = new SshServer(Files, "ClientAliveInterval 1\nClientAliveCountMax 2\nLogLevel DEBUG3");
        using ServerProcess server = ServerProcess.Start($"ssh {Ssh.Parameters} {Ssh.Files}/disk");
        server.Run("nbdsh -u $uri -c 'import time; h.pread(512, 0); time.sleep(5); h.pread(512, 4096); h.shutdown()'");
        Assert.Contains("keepalive@openssh.com", Ssh.Messages, StringComparison.Ordinal);
    }
}
