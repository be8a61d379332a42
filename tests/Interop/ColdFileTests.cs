// Files whose bytes leave the page cache while they are served. Not: which thread reads them (docs/drivers.md).

using System.IO;
using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class ColdFileTests
{
    private const string Random64M = "head -c 64M /dev/urandom >disk";

    // dd(1) for nothing but its advice to drop what is cached of the file, once that is on the disk.
    private const string Drop = "sync disk && dd if=disk iflag=nocache count=0 status=none";

    [Theory]
    [InlineData("file disk", 4096)]
    [InlineData("file disk", 32768)]
    [InlineData("--no-sr file disk fadvise=random", 8192)]
    [InlineData("--tls=require --tls-psk=$tls/keys.psk file disk", 4096)]
    [InlineData("-D nbdkit.readring=0 file disk", 4096)]
    [InlineData("split disk disk", 4096)]
    public void Copies_are_whole(string arguments, int requestBytes)
    {
        Requires.Tools("nbdcopy");
        using ServerProcess server = ServerProcess.Start(
            arguments.Replace("$tls", TlsFiles.Folder, System.StringComparison.Ordinal), before: Random64M);
        server.Run(Drop);
        string uri = arguments.Contains("psk", System.StringComparison.Ordinal)
            ? $"'nbds+unix://alice@/?socket={server.SocketPath}&tls-psk-file={TlsFiles.Of("keys.psk")}'"
            : "$uri";
        server.Run($"nbdcopy --request-size={requestBytes} {uri} copy && {Compare(arguments)}");
    }

    [Fact]
    public void All_that_was_written_verifies_while_the_cache_is_dropped_again_and_again()
    {
        Requires.Tools("fio");
        using ServerProcess server = ServerProcess.Start("file disk", before: "truncate -s 64M disk");
        server.Run(
            $"(while [ -e disk ]; do {Drop}; sleep 0.02; done) & dropping=$!;" +
            " fio --name=verify --ioengine=nbd --uri=$uri --size=64M --io_size=32M --randseed=1 --verify=crc32c" +
            " --verify_fatal=1 --do_verify=1 --verify_backlog=64 --rw=randrw --bsrange=4k-64k --iodepth=32" +
            " --output-format=terse; code=$?; kill $dropping; exit $code");
    }

    [SkippableFact]
    public void Reads_that_wait_for_the_disk_wait_in_a_ring()
    {
        Requires.Tools("nbdsh");
        using ServerProcess server = ServerProcess.Start("file disk", before: Random64M);
        string system = server.Run("stat -f -c %T .").Trim();
        Skip.IfNot(
            system is "ext2/ext3" or "xfs" or "btrfs",
            $"{system} may have the files of tests in memory, or know no RWF_NOWAIT");
        Skip.IfNot(HasRings(), "the system has no io_uring for us");
        server.Run(Drop);
        File.WriteAllText(server.Folder + "/script", """
            import os
            folder = '/proc/' + os.environ['server'] + '/fd/'
            data = open('disk', 'rb')
            os.posix_fadvise(data.fileno(), 0, 0, os.POSIX_FADV_RANDOM)
            reads = [(nbd.Buffer(4096), i * 7919 % 16384 * 4096) for i in range(64)]
            cookies = [h.aio_pread(buffer, offset) for buffer, offset in reads]
            while h.aio_in_flight():
                h.poll(-1)
            assert all(h.aio_command_completed(cookie) for cookie in cookies)
            files = [os.readlink(folder + f) for f in os.listdir(folder)]
            assert any('io_uring' in f for f in files), files
            for buffer, offset in reads:
                data.seek(offset)
                assert buffer.to_bytearray() == data.read(4096), offset
            h.shutdown()
            """);
        server.Run("nbdsh -u $uri -c \"$(cat script)\"");
    }

    private static string Compare(string arguments) =>
        arguments.StartsWith("split", System.StringComparison.Ordinal)
            ? "cat disk disk | cmp - copy"
            : "cmp disk copy";

    // Zero, or a system that does not know the setting.
    private static bool HasRings()
    {
        const string Setting = "/proc/sys/kernel/io_uring_disabled";
        return !File.Exists(Setting) || File.ReadAllText(Setting).Trim() == "0";
    }
}
