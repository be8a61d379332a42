// Files side by side, used by real clients. Not: each operation by itself (Plugins.Tests).

using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class SplitDiskTests
{
    // 4 MiB in pieces of which none ends where a block does.
    private const string Pieces = """
        head -c 4M /dev/urandom >whole && split -b 333333 -d whole piece. && touch piece.05a
        """;

    [Fact]
    public void A_disk_in_pieces_is_read_as_one()
    {
        Requires.Tools("nbdcopy", "qemu-img", "nbdinfo");
        using ServerProcess server = ServerProcess.Start("split piece.*", before: Pieces);
        Assert.Equal("4194304", server.Run("nbdinfo --size $uri"));
        server.Run("nbdcopy $uri back && cmp whole back && qemu-img compare -f raw -F raw whole $uri");
    }

    [Fact]
    public void A_disk_in_pieces_is_written_as_one()
    {
        Requires.Tools("nbdcopy", "qemu-io");
        using ServerProcess server = ServerProcess.Start("split piece.*", before: Pieces);
        server.Run("head -c 4M /dev/urandom >noise && nbdcopy noise $uri && cat piece.* | cmp - noise");
        server.Run("""
            qemu-io -f raw -c 'write -P 0x5a 300k 800k' -c 'write -z 500k 300k' -c 'discard 600k 100k' -c flush \
                -c 'read -P 0x5a 300k 200k' -c 'read -P 0 500k 300k' -c 'read -P 0x5a 800k 300k' $uri
            """);
        server.Run("""
            head -c 300K noise >expected; head -c 200K /dev/zero | tr '\0' '\132' >>expected
            head -c 300K /dev/zero >>expected; head -c 300K /dev/zero | tr '\0' '\132' >>expected
            tail -c +$((1100 * 1024 + 1)) noise >>expected; cat piece.* | cmp - expected
            """);
    }

    [Fact]
    public void Four_clients_at_once_keep_their_quarters()
    {
        Requires.Tools("nbdsh");
        using ServerProcess server = ServerProcess.Start("split piece.*", before: Pieces);
        server.Run("""
            for i in 0 1 2 3; do
                nbdsh -u $uri -c "
            import os, random
            disk = bytearray(h.pread(1 << 20, $i << 20))
            for step in range(400):
                start = random.randrange(1 << 20)
                count = random.randrange(min(200000, (1 << 20) - start)) + 1
                offset = ($i << 20) + start
                what = random.randrange(4)
                if what == 0:
                    data = os.urandom(count)
                    h.pwrite(data, offset, random.choice((0, nbd.CMD_FLAG_FUA)) if step % 10 == 0 else 0)
                    disk[start:start + count] = data
                elif what == 1:
                    h.zero(count, offset, random.choice((0, nbd.CMD_FLAG_NO_HOLE)))
                    disk[start:start + count] = bytes(count)
                else:
                    assert h.pread(count, offset) == disk[start:start + count], (offset, count)
            open('part$i', 'wb').write(disk)
            h.shutdown()" & pids="$pids $!"
            done
            for pid in $pids; do wait $pid; done
            cat piece.* | cmp - <(cat part0 part1 part2 part3)
            """);
    }

    [Fact]
    public void The_help_tells_of_the_parameter() =>
        Assert.Contains(
            "file=<FILENAME>  (required) File(s) to serve.",
            ShellCommand.Run("nbdfast split --help").Succeeded(),
            System.StringComparison.Ordinal);
}
