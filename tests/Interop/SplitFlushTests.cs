// Which files of several are brought to the disk by a flush. Not: the data itself (SplitDiskTests).

using System;
using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class SplitFlushTests
{
    private const string Files = "truncate -s 1M f0 f1 f2 f3";

    // strace(1) sees which calls the server makes, and makes the first one fail where it is told to.
    private const string Watch = """
        import os, re, subprocess
        M = 1 << 20
        class Watch:
            def __init__(self, *how):
                self.strace = subprocess.Popen(
                    ['strace', '-f', '-y', '-p', os.environ['server'], '-e', 'trace=fdatasync,fsync,sync_file_range',
                     *how],
                    stderr=subprocess.PIPE, text=True)
                assert 'attached' in self.strace.stderr.readline()
            def synced(self):
                self.strace.terminate()
                return re.findall(r'sync\(\d+<[^>]*/(f\d)>', self.strace.stderr.read())
        def synced_by(what, *how):
            watch = Watch(*how)
            what()
            return watch.synced()
        other = nbd.NBD()
        other.connect_uri(os.environ['uri'])
        """;

    [Theory]
    [InlineData("split f0 f1 f2 f3", "2 * M + 5", "f2")]
    [InlineData("partitioning f0 f1 f2 f3", "4 * M + 5", "f3")]
    public void A_flush_syncs_the_file_that_was_written_and_no_other(string arguments, string offset, string file) =>
        Nbdsh(arguments, $$"""
            assert synced_by(h.flush) == []
            h.pwrite(b'data', {{offset}})
            assert synced_by(h.flush) == ['{{file}}']
            assert synced_by(h.flush) == []
            """);

    [Fact]
    public void Whatever_changes_a_file_makes_a_flush_sync_it() =>
        Nbdsh("split f0 f1 f2 f3", """
            h.zero(4096, 0)
            h.trim(4096, M)
            h.pwrite(bytes(range(256)) * 1024, 2 * M)
            for i in range(16):
                h.aio_pwrite(nbd.Buffer.from_bytearray(bytearray(4096)), 3 * M + 4096 * i)
            while h.aio_in_flight():
                h.poll(-1)
            assert sorted(synced_by(h.flush)) == ['f0', 'f1', 'f2', 'f3']
            h.pwrite(b'data', M - 2)
            assert sorted(synced_by(h.flush)) == ['f0', 'f1']
            assert synced_by(h.flush) == []
            """);

    [Fact]
    public void A_flush_of_one_client_syncs_what_another_has_written() =>
        Nbdsh("split f0 f1 f2 f3", """
            h.pwrite(b'data', M)
            assert synced_by(other.flush) == ['f1']
            assert synced_by(h.flush) == ['f1']
            assert synced_by(lambda: (h.flush(), other.flush())) == []
            """);

    [Fact]
    public void What_was_written_durably_needs_no_flush() =>
        Nbdsh("split f0 f1 f2 f3", """
            h.pwrite(b'data', M, nbd.CMD_FLAG_FUA)
            h.zero(4096, 2 * M, nbd.CMD_FLAG_FUA)
            assert synced_by(h.flush) == []
            """);

    [Fact]
    public void A_file_that_could_not_be_synced_is_synced_again()
    {
        const string Fails = "'-e', 'inject=fdatasync:error=EIO:when=1'";
        Nbdsh("split f0 f1 f2 f3", $$"""
            def failing(call):
                def run():
                    try:
                        call()
                    except nbd.Error as error:
                        assert error.errno == 'EIO', error
                    else:
                        assert False
                return run
            h.pwrite(b'data', M)
            h.pwrite(b'data', 2 * M)
            assert synced_by(failing(h.flush), {{Fails}}) == ['f1', 'f2']
            assert synced_by(h.flush) == ['f1']
            assert synced_by(h.flush) == []
            zero = lambda: h.zero(4096, 3 * M, nbd.CMD_FLAG_FUA)
            assert synced_by(failing(zero), {{Fails}}) == ['f3']
            assert synced_by(h.flush) == ['f3']
            """);
    }

    private static void Nbdsh(string arguments, string script)
    {
        Requires.Tools("nbdsh", "strace");
        using ServerProcess server = ServerProcess.Start(arguments, before: Files);
        server.Run($"""
            cat >script.py <<'END'
            {Watch}
            {script}
            other.shutdown()
            END
            export uri server; nbdsh -u $uri -c 'exec(open("script.py").read())'
            """, TimeSpan.FromSeconds(60));
    }
}
