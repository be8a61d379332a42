// Disks in memory that are compressed, used by real clients. Not: the store by itself (Core.Tests/Storage).

using System.Globalization;
using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class ZstdDiskTests
{
    [Fact]
    public void A_compressed_disk_holds_what_was_written_in_less_memory()
    {
        Requires.Tools("nbdcopy", "qemu-img");
        using ServerProcess server = ServerProcess.Start("memory 256M allocator=zstd");
        server.Run("head -c 192M <(yes 'a line of text that is like all others') >text && nbdcopy text $uri");
        server.Run("nbdcopy $uri back && cmp -n 201326592 text back && qemu-img compare -f raw -F raw back $uri");
        string resident = server.Run("sed -n 's/^VmRSS:[^0-9]*\\([0-9]*\\) kB/\\1/p' /proc/$server/status");
        Assert.InRange(int.Parse(resident, CultureInfo.InvariantCulture), 1, 100_000);
    }

    [Fact]
    public void Four_clients_at_once_keep_their_quarters()
    {
        Requires.Tools("nbdsh");
        using ServerProcess server = ServerProcess.Start("memory 4000001 allocator=zstd");
        server.Run("""
            for i in 0 1 2 3; do
                nbdsh -u $uri -c "
            import os, random
            disk = bytearray(1000000)
            for step in range(300):
                start = random.randrange(1000000)
                count = random.randrange(min(100000, 1000000 - start)) + 1
                offset = 1000000 * $i + start
                what = random.randrange(4)
                if what == 0:
                    data = random.choice((os.urandom(count), bytes(count), b'x' * count))
                    h.pwrite(data, offset)
                    disk[start:start + count] = data
                elif what == 1:
                    random.choice((h.zero, h.trim))(count, offset)
                    disk[start:start + count] = bytes(count)
                else:
                    assert h.pread(count, offset) == disk[start:start + count], (offset, count)
            assert h.pread(1000000, 1000000 * $i) == disk
            h.shutdown()" & pids="$pids $!"
            done
            for pid in $pids; do wait $pid; done
            """);
    }

    [Fact]
    public void What_is_zeroed_becomes_a_hole()
    {
        Requires.Tools("qemu-io", "nbdinfo");
        using ServerProcess server = ServerProcess.Start("memory 1M allocator=zstd");
        server.Run("qemu-io -f raw -c 'write -P 1 0 512k' -c 'write -z 64k 32k' -c 'write -P 0 128k 64k' $uri");
        Assert.Equal(
            "0 65536 0|65536 32768 3|98304 32768 0|131072 65536 3|196608 327680 0|524288 524288 3",
            server.Run("nbdinfo --map $uri | awk '{ print $1, $2, $3 }' | paste -sd '|'"));
    }

    [SkippableFact]
    public void Without_the_library_the_start_is_refused()
    {
        Requires.Tools("unshare");
        Requires.Root();
        ShellCommand.Run("""
            unshare -m sh -c 'for library in $(ls /lib/*/libzstd.so.1* /usr/lib/*/libzstd.so.1*); do
                mount --bind /dev/null $library; done; exec nbdfast -U - memory 1M allocator=zstd --run "echo ran"'
            """).Failed(1, "allocator=zstd: the library libzstd.so.1 cannot be loaded: please install it");
    }
}
