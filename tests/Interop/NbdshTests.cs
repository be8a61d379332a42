// Single requests from libnbd's shell: each command of the protocol and its flags. Not: bulk data (NbdcopyTests).

using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class NbdshTests
{
    public NbdshTests() => Requires.Tools("nbdsh");

    [Theory]
    [InlineData("memory 1M")]
    [InlineData("--no-sr memory 1M")]
    [InlineData("file disk")]
    [InlineData("--no-sr file disk")]
    public void What_is_written_is_read_back(string arguments) => RunScript(arguments, """
        h.pwrite(b'hello', 1000)
        h.flush()
        assert h.pread(7, 999) == b'\0hello\0'
        assert h.pread(1, 0) == b'\0'
        assert h.pread(1, h.get_size() - 1) == b'\0'
        """);

    [SkippableFact]
    public void An_oldstyle_client_reads_what_it_wrote_and_flushed()
    {
        Skip.If(NativeBinary.IsNbdkit, "Debian's nbdkit offers an oldstyle client the flush that it then refuses");
        RunScript("-o memory 1M", """
            h.pwrite(b'hello', 1000)
            h.flush()
            assert h.pread(7, 999) == b'\0hello\0'
            """);
    }

    [Theory]
    [InlineData("memory 1M")]
    [InlineData("file disk")]
    public void A_write_with_fua_is_taken(string arguments) => RunScript(arguments, """
        assert h.can_fua()
        h.pwrite(b'x' * 512, 512, nbd.CMD_FLAG_FUA)
        h.zero(512, 1024, nbd.CMD_FLAG_FUA)
        h.trim(512, 1536, nbd.CMD_FLAG_FUA)
        assert h.pread(512, 512) == b'x' * 512
        """);

    [Theory]
    [InlineData("memory 1M")]
    [InlineData("file disk")]
    public void Zeroing_leaves_zeros_and_nothing_else(string arguments) => RunScript(arguments, """
        h.pwrite(b'x' * 65536, 0)
        h.zero(30001, 10007)
        h.zero(100, 50000, nbd.CMD_FLAG_NO_HOLE)
        data = bytearray(b'x' * 65536)
        data[10007:40008] = bytes(30001)
        data[50000:50100] = bytes(100)
        assert h.pread(65536, 0) == data
        """);

    [Fact]
    public void Trimming_memory_gives_zeros_and_a_hole() => RunScript("memory 1M", """
        h.add_meta_context('base:allocation')
        """, """
        h.pwrite(b'x' * 131072, 0)
        h.trim(65536, 65536)
        assert h.pread(65536, 65536) == bytes(65536)
        assert h.pread(65536, 0) == b'x' * 65536
        extents = []
        h.block_status(131072, 0, lambda name, offset, entries, error: extents.extend(entries))
        assert extents[:2] == [65536, 0] and extents[3] == 3, extents
        """);

    [Fact]
    public void Memory_zeroes_fast() => RunScript("memory 1M", """
        assert h.can_fast_zero()
        h.pwrite(b'x' * 65536, 0)
        h.zero(65536, 0, nbd.CMD_FLAG_FAST_ZERO)
        assert h.pread(65536, 0) == bytes(65536)
        """);

    [Fact]
    public void Block_status_tells_data_from_holes() => RunScript("memory 1M", """
        h.add_meta_context('base:allocation')
        """, """
        h.pwrite(b'x' * 65536, 131072)
        calls = []
        h.block_status(1 << 20, 0, lambda name, offset, entries, error: calls.append((name, offset, entries)))
        assert len(calls) == 1 and calls[0][:2] == ('base:allocation', 0), calls
        assert calls[0][2] == [131072, 3, 65536, 0, (1 << 20) - 196608, 3], calls
        """);

    [Fact]
    public void Block_status_of_one_extent_is_one_extent() => RunScript("memory 1M", """
        h.add_meta_context('base:allocation')
        """, """
        h.pwrite(b'x' * 65536, 131072)
        calls = []
        h.block_status(1 << 20, 0, lambda *args: calls.append(args[2]), nbd.CMD_FLAG_REQ_ONE)
        assert calls == [[131072, 3]], calls
        """);

    [Fact]
    public void A_context_that_is_not_there_is_not_given() => RunScript("memory 1M", """
        h.add_meta_context('x-nobody:has-this')
        """, """
        assert not h.can_meta_context('x-nobody:has-this')
        """);

    [Theory]
    [InlineData("memory 1M")]
    [InlineData("file disk")]
    public void Cache_is_taken_where_it_is_offered(string arguments) => RunScript(arguments, """
        assert h.can_cache()
        h.cache(65536, 4096)
        """);

    [Fact]
    public void A_read_that_must_not_be_fragmented_comes_in_one_piece() => RunScript("memory 1M", """
        assert h.can_df()
        h.pwrite(b'x', 32768)
        pieces = []
        h.pread_structured(65536, 0, lambda data, offset, status, error: pieces.append((offset, status)),
                           nbd.CMD_FLAG_DF)
        assert pieces == [(0, nbd.READ_DATA)], pieces
        """);

    [Theory]
    [InlineData("memory 1M")]
    [InlineData("--no-sr memory 1M")]
    public void Requests_beyond_the_end_are_refused_and_the_connection_lives(string arguments) =>
        RunScript(arguments, """
        h.set_strict_mode(0)
        def refused(request, *errors):
            try:
                request()
            except nbd.Error as e:
                assert e.errno in errors, (e.errno, e)
                return
            assert False, 'was not refused'
        size = h.get_size()
        refused(lambda: h.pread(2, size - 1), 'EINVAL')
        refused(lambda: h.pread(1, size), 'EINVAL')
        refused(lambda: h.pread(512, (1 << 63) - 512), 'EINVAL')
        refused(lambda: h.pwrite(b'xx', size - 1), 'ENOSPC', 'EINVAL')
        refused(lambda: h.zero(2, size - 1), 'ENOSPC', 'EINVAL')
        refused(lambda: h.trim(2, size - 1), 'EINVAL', 'ENOSPC')
        refused(lambda: h.cache(2, size - 1), 'EINVAL')
        h.pwrite(b'y', size - 1)
        assert h.pread(1, size - 1) == b'y'
        """);

    [Fact]
    public void Writes_to_a_read_only_disk_are_refused() => RunScript("-r memory 1M", """
        h.set_strict_mode(0)
        for request in (lambda: h.pwrite(b'x', 0), lambda: h.zero(1, 0), lambda: h.trim(1, 0)):
            try:
                request()
                assert False, 'was not refused'
            except nbd.Error as e:
                assert e.errno in ('EPERM', 'EROFS', 'EINVAL'), e.errno
        assert h.pread(1, 0) == b'\0'
        """);

    [Fact]
    public void The_largest_request_is_32_megabytes() => RunScript("memory 64M", """
        h.pwrite(b'z' * (32 << 20), 1 << 20)
        assert h.pread(32 << 20, 1 << 20) == b'z' * (32 << 20)
        """);

    [Fact]
    public void Many_requests_in_flight_each_get_their_own_answer() => RunScript("memory 4M", """
        import struct
        buffers, done = [], []
        for i in range(256):
            h.aio_pwrite(struct.pack('>I', i) * 1024, i * 4096, lambda e: done.append(e) or 1)
        while h.aio_in_flight() > 0:
            h.poll(-1)
        assert len(done) == 256
        for i in range(256):
            b = nbd.Buffer(4096)
            buffers.append(b)
            h.aio_pread(b, i * 4096, lambda e: 1)
        while h.aio_in_flight() > 0:
            h.poll(-1)
        for i in range(256):
            assert buffers[i].to_bytearray() == struct.pack('>I', i) * 1024, i
        """);

    [Fact]
    public void Two_connections_see_the_same_disk() => RunScript("memory 1M", """
        other = nbd.NBD()
        other.connect_uri(h.get_uri())
        assert h.can_multi_conn()
        h.pwrite(b'shared', 4096)
        h.flush()
        assert other.pread(6, 4096) == b'shared'
        other.shutdown()
        """);

    private static void RunScript(string arguments, string script)
    {
        using ServerProcess server = ServerProcess.Start(arguments, before: "truncate -s 1M disk");
        System.IO.File.WriteAllText(server.Folder + "/script", script + "\nh.shutdown()\n");
        server.Run("nbdsh -u $uri -c \"$(cat script)\"");
    }

    // A script of two parts: what to ask for before connecting, and what to do then.
    private static void RunScript(string arguments, string before, string script)
    {
        using ServerProcess server = ServerProcess.Start(arguments);
        System.IO.File.WriteAllText(
            server.Folder + "/script",
            $"import os\n{before}\nh.connect_uri(os.environ['uri'])\n{script}\nh.shutdown()\n");
        server.Run("nbdsh -c \"$(cat script)\"");
    }
}
