// FAT disks of directories as the programs see them that are made for FAT. Not: single bytes (Plugins.Tests).

using System;
using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class FloppyDiskTests
{
    private const string Files = """
        mkdir -p d/sub/deep d/empty; echo hello >d/hello.txt; head -c 100000 /dev/urandom >d/sub/big.bin
        echo one >"d/A long file name number one.html"; echo two >"d/A long file name number two.html"; : >d/zero
        echo n >"d/näme€.txt"; echo u >d/sub/deep/UPPER.TXT; echo h >d/.hidden; echo c >d/a.b.c
        for i in $(seq 300); do echo $i >"d/sub/deep/file with a number $i"; done
        """;

    [Theory]
    [InlineData("")]
    [InlineData("size=34M label=MYDISK")]
    [InlineData("size=300M")]
    public void The_file_system_is_sound(string arguments)
    {
        Requires.Tools("nbdcopy", "fsck.vfat");
        using ServerProcess server = ServerProcess.Start($"floppy d {arguments}", before: Files);
        string report = server.Run("nbdcopy $uri disk && tail -c +$(((1 << 20) + 1)) disk >fs && fsck.vfat -n fs");
        Assert.Contains("313 files", report, StringComparison.Ordinal);
        Assert.DoesNotContain("Dirty", report, StringComparison.Ordinal);
    }

    // Which goes by the number of clusters alone, as Windows does.
    [Theory]
    [InlineData("")]
    [InlineData("size=34M")]
    [InlineData("size=300M")]
    public void Mtools_copies_out_what_was_there(string arguments)
    {
        Requires.Tools("nbdcopy", "mdir");
        using ServerProcess server = ServerProcess.Start($"floppy d label=MYDISK {arguments}", before: Files);
        server.Run("nbdcopy $uri disk && minfo -i disk@@1M :: | grep 'disk type=\"FAT32'");
        server.Run("nbdcopy $uri disk && mkdir m && mcopy -s -m -i disk@@1M :: m && diff -r d m");
        Assert.Contains("MYDISK", server.Run("mdir -i disk@@1M ::"), StringComparison.Ordinal);
        server.Run("mtype -i disk@@1M '::a long file name NUMBER two.html' | cmp - d/*two.html");
        server.Run("[ $(stat -c %Y d/hello.txt) -le $(($(stat -c %Y m/hello.txt) + 2)) ]");
    }

    [Fact]
    public void The_partition_is_of_the_right_type()
    {
        Requires.Tools("nbdcopy", "sfdisk");
        using ServerProcess server = ServerProcess.Start("floppy d", before: Files);
        Assert.Contains("start=2048", server.Run("nbdcopy $uri disk && sfdisk -d disk | tr -d ' '"));
        Assert.Contains("type=c", server.Run("sfdisk -d disk | tr -d ' '"), StringComparison.Ordinal);
        server.Run("sfdisk -V disk");
    }

    [Fact]
    public void Four_clients_at_once_read_the_same()
    {
        Requires.Tools("nbdcopy");
        using ServerProcess server = ServerProcess.Start("floppy d size=64M", before: Files);
        server.Run("""
            for i in 1 2 3 4; do nbdcopy $uri copy$i & pids="$pids $!"; done
            for pid in $pids; do wait $pid; done
            cmp copy1 copy2 && cmp copy1 copy3 && cmp copy1 copy4
            """);
    }

    [Fact]
    public void A_file_that_goes_is_an_error_for_its_reader_and_the_server_lives()
    {
        Requires.Tools("nbdcopy", "nbdsh");
        using ServerProcess server = ServerProcess.Start("floppy d", before: Files);
        server.Run("rm d/sub/big.bin");
        CommandResult result = server.Try("nbdcopy $uri disk");
        Assert.NotEqual(0, result.ExitCode);
        server.HasSaid("big.bin: No such file or directory");
        server.Run("nbdsh -u $uri -c 'assert h.pread(512, 0)[510:] == b\"\\x55\\xaa\"'");
    }

    [Fact]
    public void A_name_that_is_no_text_is_refused_rather_than_left_out()
    {
        ShellCommand.Run("""
            folder=$(mktemp -d); trap "rm -r $folder" EXIT
            mkdir $folder/sub; echo lost >"$folder/sub/"$'caf\xe9'
            nbdfast -U - floppy $folder --run 'echo served'
            """).Failed(1, "the name is not UTF-8");
    }

    [Fact]
    public void What_is_written_through_cow_is_seen_until_the_end()
    {
        Requires.Tools("qemu-io");
        using ServerProcess server = ServerProcess.Start("--filter=cow floppy d", before: Files);
        server.Run("qemu-io -f raw -c 'write -P 0x5a 1M 4k' -c 'read -P 0x5a 1M 4k' $uri");
    }
}
