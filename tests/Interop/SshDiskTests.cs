// Disks of the ssh plugin on a real server, used by real clients. Not: getting in (SshLoginTests), hosts that fail
// (SshFaultTests), servers that break the protocol (Plugins.Tests).

using System;
using System.Diagnostics;
using System.IO;
using NbdFast.Testing;

namespace NbdFast.Interop;

// The user nobody, who runs tests for root, may not log in anywhere.
[Trait("Needs", "root")]
public sealed class SshDiskTests : IClassFixture<SharedSshServer>, IDisposable
{
    private readonly SshServer _ssh;
    private readonly TempFolder _folder = new();

    // One server for all tests, each with files of its own.
    public SshDiskTests(SharedSshServer shared)
    {
        _ssh = shared.Server;
        const string MakeFiles = "head -c 20000001 /dev/urandom >disk; head -c 8M /dev/zero >empty; mkdir folder";
        ShellCommand.Run(MakeFiles, folder: _folder.Path).Succeeded();
    }

    private string Disk => _folder.File("disk");

    private string Empty => _folder.File("empty");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("compression=true timeout=60 port=PORT create-mode=0600")]
    public void Copies_are_the_same(string more)
    {
        Requires.Tools("nbdcopy", "nbdinfo", "qemu-img");
        string filled = more.Replace("PORT", $"{_ssh.Port}", StringComparison.Ordinal);
        using ServerProcess server = ServerProcess.Start($"-r ssh {_ssh.Parameters} {Disk} {filled}");
        Assert.Equal("20000001", server.Run("nbdinfo --size $uri"));
        server.Run($"nbdcopy $uri copy && cmp copy {Disk}");
        server.Run($"qemu-img convert -n -f raw -O raw -W $uri copy && cmp -n 20000001 copy {Disk}");
    }

    [Fact]
    public void What_is_written_and_flushed_is_in_the_file()
    {
        Requires.Tools("nbdcopy", "nbdsh", "qemu-img");
        using ServerProcess server = ServerProcess.Start($"ssh {_ssh.Parameters} {Empty}");
        server.Run($"head -c 8M {Disk} >content; nbdcopy --flush content $uri && cmp content {Empty}");
        server.Run($"qemu-img compare -f raw -F raw $uri {Empty}");
        server.Run($$"""
            nbdsh -u $uri -c "
            assert h.can_flush() and h.can_fua() and h.can_multi_conn() and not h.can_trim()
            h.pwrite(b'x' * 300000, 12345)
            h.pwrite(b'y', 8388607, nbd.CMD_FLAG_FUA)
            h.zero(1000, 20000)
            h.flush()
            content = open('{{Empty}}', 'rb').read()
            assert content[12345:20000] == b'x' * 7655 and content[20000:21000] == bytes(1000)
            assert content[21000:312345] == b'x' * 291345 and content[-1:] == b'y'
            assert h.pread(8388608, 0) == content
            h.shutdown()"
            """);
    }

    [Fact]
    public void Four_clients_at_once_read_and_write_their_parts()
    {
        Requires.Tools("nbdsh");
        using ServerProcess server = ServerProcess.Start($"ssh {_ssh.Parameters} {Empty}");
        server.Run("""
            for i in 0 1 2 3; do
                nbdsh -u $uri -c "
            import random
            base = $i << 21
            chance = random.Random($i)
            model = bytearray(1 << 21)
            for n in range(60):
                count = chance.randrange(1, 100000)
                offset = chance.randrange(0, len(model) - count)
                if n % 2:
                    data = chance.randbytes(count)
                    model[offset:offset + count] = data
                    h.pwrite(data, base + offset)
                else:
                    assert h.pread(count, base + offset) == model[offset:offset + count], (offset, count)
            assert h.pread(len(model), base) == model
            h.shutdown()" & pids="$pids $!"
            done
            for pid in $pids; do wait $pid || exit 1; done
            """);
    }

    [Fact]
    public void Many_requests_of_one_client_are_under_way_at_once()
    {
        Requires.Tools("qemu-io");
        using ServerProcess server = ServerProcess.Start($"ssh {_ssh.Parameters} {Empty}");
        server.Run("""
            qemu-io -f raw -c 'aio_write -P 1 0 1M' -c 'aio_write -P 2 1M 1M' -c 'aio_write -P 3 2M 64k' \
                -c aio_flush -c 'aio_read -P 1 0 1M' -c 'aio_read -P 2 1M 1M' -c 'aio_read -P 3 2M 64k' \
                -c 'aio_read -P 0 3M 2M' -c aio_flush -c flush $uri >out
            ! grep -i 'fail\|error\|differ' out
            """);
    }

    [Fact]
    public void The_first_client_has_a_file_made_and_later_ones_keep_it()
    {
        Requires.Tools("nbdsh", "nbdinfo");
        string made = _folder.File("made");
        File.WriteAllText(made, "old content");
        using ServerProcess server =
            ServerProcess.Start($"ssh {_ssh.Parameters} {made} create=true create-size=3M create-mode=0642");
        Assert.Equal(11, new FileInfo(made).Length);
        server.Run($"nbdsh -u $uri -c 'assert h.pread(512, 0) == bytes(512); h.pwrite(b\"new\", 0)'");
        Assert.Equal(3 << 20, new FileInfo(made).Length);
        Assert.Equal("642", server.Run($"stat -c %a {made}"));
        server.Run("nbdsh -u $uri -c 'assert h.pread(3, 0) == b\"new\"'");
    }

    [Theory]
    [InlineData("nothing", "cannot open file for writing: SFTP server: No such file")]
    [InlineData("folder", "cannot open file for writing: SFTP server: Failure")]
    [InlineData("nothing/new create=1 create-size=1", "cannot create file for writing: SFTP server: No such file")]
    [InlineData("disk -r folder", "the remote path is a directory")]
    public void What_cannot_be_opened_is_refused_and_the_server_stays(string path, string gist)
    {
        Requires.Tools("nbdinfo");
        string[] words = path.Split(" -r ");
        string mode = words.Length > 1 ? "-r" : "";
        using ServerProcess server = ServerProcess.Start($"{mode} ssh {_ssh.Parameters} {_folder.Path}/{words[^1]}");
        Assert.NotEqual(0, server.Try("nbdinfo $uri").ExitCode);
        server.HasSaid(gist);
        Assert.NotEqual(0, server.Try("nbdinfo $uri").ExitCode);
    }

    // A program that runs may not be written, not even by root.
    [Fact]
    public void A_file_that_cannot_be_written_can_be_read()
    {
        Requires.Tools("nbdinfo", "nbdcopy");
        string program = _folder.File("program");
        File.Copy("/bin/sleep", program);
        using Process running = Process.Start(program, "1000");
        try
        {
            using ServerProcess server = ServerProcess.Start($"ssh {_ssh.Parameters} {program}");
            Assert.NotEqual(0, server.Try("nbdinfo $uri").ExitCode);
            server.HasSaid("cannot open file for writing: SFTP server: Failure");
            using ServerProcess reader = ServerProcess.Start($"-r ssh {_ssh.Parameters} {program}");
            reader.Run($"nbdcopy $uri copy && cmp copy {program}");
        }
        finally
        {
            running.Kill();
            running.WaitForExit();
        }
    }

    [Fact]
    public void A_file_that_changes_its_size_keeps_the_one_that_it_had()
    {
        Requires.Tools("nbdsh");
        using ServerProcess server = ServerProcess.Start($"ssh {_ssh.Parameters} {Empty}");
        server.Run($$"""
            nbdsh -u $uri -c "
            import os
            os.truncate('{{Empty}}', 4096)
            for offset in (0, 1 << 20):
                try:
                    h.pread(8192, offset)
                    assert False
                except nbd.Error as error:
                    assert error.errno == 'EIO', error
            assert h.pread(4096, 0) == bytes(4096)
            os.truncate('{{Empty}}', 16 << 20)
            assert h.get_size() == 8 << 20 and h.pread(512, 1 << 20) == bytes(512)
            h.shutdown()"
            """);
        server.HasSaid("pread: unexpected end of file");
    }

    [SkippableFact]
    public void A_block_device_has_its_size_and_its_content()
    {
        Requires.Tools("nbdcopy", "nbdinfo");
        ShellCommand.Run($"truncate -s 20M {Disk}").Succeeded();
        using LoopDevice device = LoopDevice.Attach(Disk);
        using ServerProcess server = ServerProcess.Start($"ssh {_ssh.Parameters} {device.Path}");
        Assert.Equal("20971520", server.Run("nbdinfo --size $uri"));
        server.Run($"nbdcopy $uri copy && cmp copy {Disk} && nbdcopy --flush {Disk} $uri && cmp {Disk} {device.Path}");
    }
}
