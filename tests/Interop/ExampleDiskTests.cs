// The sample plugins with real clients. Not: what each call answers (Plugins.Tests).

using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class ExampleDiskTests
{
    [Fact]
    public void The_first_has_one_partition_of_Linux()
    {
        Requires.Tools("nbdcopy", "sfdisk");
        using ServerProcess server = ServerProcess.Start("example1");
        string table = server.Run("nbdcopy $uri disk && sfdisk --dump disk");
        Assert.Matches("start= +2048, size= +202752, type=83", table);
        Assert.Equal("104857600", server.Run("stat -c %s disk"));
        server.Run("sfdisk --verify disk");
    }

    [Fact]
    public void The_second_serves_what_is_in_the_file()
    {
        Requires.Tools("nbdcopy", "nbdinfo");
        using ServerProcess server = ServerProcess.Start(
            "-v -D example2.extra=1 example2 file=noise", before: "head -c 3000000 /dev/urandom >noise");
        server.Run("nbdcopy $uri copy && cmp noise copy && nbdinfo --is read-only $uri");
        server.HasSaid("example2[1]: debug: opened ");
    }

    [Fact]
    public void The_third_leaves_nothing_behind_even_when_it_is_killed()
    {
        Requires.Tools("nbdsh");
        CommandResult result = ShellCommand.Run("""
            d=$(mktemp -d); trap 'rm -r $d' EXIT
            mkdir $d/tmp
            TMPDIR=$d/tmp nbdfast -U $d/s -P $d/pid example3 size=10M
            nbdsh -u "nbd+unix:///?socket=$d/s" -c "
            import os
            h.pwrite(b'x' * 100000, 12345)
            h.flush()
            assert h.pread(100000, 12345) == b'x' * 100000
            print(os.listdir('$d/tmp'))
            os.kill(int(open('$d/pid').read()), 9)"
            ls $d/tmp
            """);
        Assert.Equal("[]", result.Succeeded());
    }

    [Fact]
    public void Four_clients_at_once_each_have_a_disk_of_their_own()
    {
        Requires.Tools("nbdsh");
        using ServerProcess server = ServerProcess.Start("example3 size=4M");
        server.Run("""
            for i in 1 2 3 4; do
                nbdsh -u $uri -c "
            import os
            assert h.pread(4 << 20, 0) == bytes(4 << 20)
            data = os.urandom(4 << 20)
            for offset in range(0, 4 << 20, 256 << 10):
                h.pwrite(data[offset:offset + (256 << 10)], offset, nbd.CMD_FLAG_FUA)
            h.zero(4096, 8192)
            data = data[:8192] + bytes(4096) + data[12288:]
            assert h.pread(4 << 20, 0) == data
            h.shutdown()" & pids="$pids $!"
            done
            for pid in $pids; do wait $pid; done
            """);
    }
}
