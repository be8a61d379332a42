// Linux disks checked and read back by the tools of the file system and of partitions. Not: sizes and parameters one by
// one (Plugins.Tests).

using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class LinuxdiskDiskTests
{
    private const string Root = """
        mkdir -p root/sub/deeper
        echo hello >root/hello.txt; ln root/hello.txt root/hard; ln -s hello.txt root/link
        chmod 640 root/hello.txt; chmod 1777 root/sub
        head -c 5000000 /dev/urandom >root/sub/noise
        if [ "$(id -u)" = 0 ]; then chown 1234:567 root/hello.txt; mknod root/null c 1 3; fi
        """;

    // The tools are not on everybody's path. The partition begins at 1 MiB.
    private const string Copy = """
        PATH=$PATH:/sbin:/usr/sbin
        nbdcopy $uri disk && tail -c +1048577 disk >part

        """;

    [Theory]
    [InlineData("ext2", "")]
    [InlineData("ext3", "size=+20M")]
    [InlineData("ext4", "size=64M label=ROOTFS")]
    public void Partition_table_and_file_system_are_sound(string type, string options)
    {
        Requires.Tools("nbdcopy", "sfdisk", "e2fsck");
        using ServerProcess server = ServerProcess.Start($"linuxdisk root type={type} {options}", before: Root);
        string seen = server.Run(Copy + """
            e2fsck -fn part
            sfdisk --verify disk
            sfdisk --dump disk
            """);
        Assert.Contains("No errors detected", seen);
        Assert.Contains("start=        2048", seen);
        Assert.Contains("type=0FC63DAF-8483-4772-8E79-3D69D8477DE4", seen);
        Assert.True(!options.Contains("label") || seen.Contains("ROOTFS: "), seen);
    }

    [Fact]
    public void Files_come_out_as_they_went_in()
    {
        Requires.Tools("nbdcopy", "debugfs");
        using ServerProcess server = ServerProcess.Start(
            "linuxdisk root", before: Root + "\ntouch \"$(printf 'root/not \\377 UTF-8')\"");
        server.Run("rm root/not*");   // .NET could not, when the folder is removed; the disk has it.
        server.Run(Copy + """
            debugfs -R 'dump /sub/noise back' part && cmp back root/sub/noise
            debugfs -R 'dump /hard back' part && cmp back root/hello.txt
            debugfs -R 'stat /hello.txt' part >hello && debugfs -R 'stat /hard' part >hard && cmp hello hard
            grep 'Links: 2' hello && grep 'Mode:  0640' hello
            [ "$(id -u)" != 0 ] || grep 'User:  1234   Group:   567' hello
            debugfs -R 'stat /link' part | grep 'Fast link dest: "hello.txt"'
            debugfs -R 'stat /sub' part | grep 'Mode:  01777'
            [ "$(id -u)" != 0 ] || debugfs -R 'stat /null' part | grep 'character special'
            debugfs -R 'ls -p /' part | grep -a "$(printf 'not \377 UTF-8')"
            """);
    }

    [Fact]
    public void Four_clients_at_once_read_the_same_disk()
    {
        Requires.Tools("nbdcopy");
        using ServerProcess server = ServerProcess.Start("linuxdisk root type=ext4", before: Root);
        server.Run("""
            for i in 1 2 3 4; do nbdcopy $uri copy$i & pids="$pids $!"; done
            for pid in $pids; do wait $pid; done
            cmp copy1 copy2 && cmp copy2 copy3 && cmp copy3 copy4
            """);
    }

    [Fact]
    public void With_an_overlay_clients_write_and_the_directory_stays_as_it_is()
    {
        Requires.Tools("nbdcopy", "qemu-io");
        using ServerProcess server = ServerProcess.Start("--filter=cow linuxdisk root size=+1M", before: Root);
        server.Run("""
            qemu-io -f raw -c 'write -P 0x5a 1M 64k' -c 'read -P 0x5a 1M 64k' $uri
            [ "$(cat root/hello.txt)" = hello ]
            """);
    }

    [Fact]
    public void Files_that_do_not_fit_are_told_of_by_the_one_that_finds_out()
    {
        Requires.Tools("mke2fs");
        CommandResult result = ShellCommand.Run("nbdfast -U - linuxdisk /usr/bin size=1M --run true");
        result.Failed(1, "Could not allocate block");
        result.Failed(1, "nbdfast: error: mke2fs: command failed with exit code 1");
    }

    [Fact]
    public void Nothing_is_left_behind_and_the_folder_for_it_must_be_there()
    {
        Requires.Tools("mke2fs", "nbdinfo");
        ShellCommand.Run("TMPDIR=/nonexistent nbdfast -U - linuxdisk /etc/default --run true")
            .Failed(1, "mkstemp: /nonexistent/");
        CommandResult result = ShellCommand.Run("""
            d=$(mktemp -d); trap 'rm -r $d' EXIT
            mkdir $d/in $d/tmp; echo text >$d/in/file
            TMPDIR=$d/tmp nbdfast -U - linuxdisk $d/in --run 'nbdinfo --size "$uri" >/dev/null; ls '$d/tmp' | wc -l'
            ls $d/tmp | wc -l
            """);
        Assert.Equal("0\n0", result.Succeeded());
    }
}
