// File systems that the server makes, by tmpdisk and ondemand, looked at by their own tools. Not: names, locks and
// commands that fail (Plugins.Tests).

using System;
using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class FreshDiskTests
{
    private const string OneByOne = "client() { nbdsh -u $uri -c \"$1\"; }";

    [Theory]
    [InlineData("64M", "ext4", "it's new", "mkfs.ext4", "e2fsck -fn disk")]
    [InlineData("16M", "ext2", "a b", "mkfs.ext4", "e2fsck -fn disk")]
    [InlineData("64M", "vfat", "SCRATCH", "mkfs.vfat", "fsck.vfat -n disk")]
    [InlineData("320M", "xfs", "scratch", "mkfs.xfs", "xfs_repair -n -f disk")]
    public void A_file_system_is_what_was_asked_for_and_sound(
        string size, string type, string label, string tool, string check)
    {
        Requires.Tools("nbdcopy", tool);
        string quoted = label.Replace("'", "'\\''", StringComparison.Ordinal);
        foreach (string plugin in (string[])["tmpdisk", "ondemand dir=."])
        {
            using ServerProcess server = ServerProcess.Start($"{plugin} {size} type={type} label='{quoted}'");
            Assert.Equal($"{type}\n{label}", server.Run(
                $"nbdcopy $uri disk && {check} >check 2>&1 && blkid -o value -s TYPE disk; "
                + "blkid -o value -s LABEL disk"));
        }
    }

    [Fact]
    public void A_disk_is_ext4_without_a_label_by_default()
    {
        using ServerProcess server = ServerProcess.Start("tmpdisk 32M");
        Assert.Equal("ext4\n33554432", server.Run(
            "nbdcopy $uri disk && e2fsck -fn disk >check 2>&1 && blkid -o value -s TYPE disk; stat -c %s disk; "
            + "blkid -o value -s LABEL disk"));
    }

    [Fact]
    public void A_client_that_comes_again_gets_a_fresh_disk_from_one_and_its_own_from_the_other()
    {
        const string Twice = $"{OneByOne}; client 'h.pwrite(b\"mine\", 0); h.flush()'; client 'print(h.pread(4, 0))'";
        using ServerProcess fresh = ServerProcess.Start("tmpdisk 1M");
        Assert.Equal("bytearray(b'\\x00\\x00\\x00\\x00')", fresh.Run(Twice));
        using ServerProcess kept = ServerProcess.Start("ondemand dir=. 1M");
        Assert.Equal("bytearray(b'mine')", kept.Run(Twice));
    }

    [Fact]
    public void A_killed_server_leaves_no_disk_behind()
    {
        ServerProcess server = ServerProcess.Start(
            "tmpdisk 1M command='dirname \"$disk\" >\"$folder/path\"; truncate -s $size \"$disk\"' folder=$dir");
        string left = server.Run("""
            nbdsh -u $uri -c "
            import os, signal
            h.pwrite(bytes(4096), 0)
            os.kill(int(os.environ['server']), signal.SIGKILL)"
            ls -d $(cat path) 2>/dev/null || echo nothing
            """);
        Assert.Equal("nothing", left);
        Assert.Equal(137, server.WaitForEnd());
        server.Dispose();
    }

    [Theory]
    [InlineData("tmpdisk")]
    [InlineData("ondemand dir=$PWD/disks")]
    public void A_server_that_is_told_to_end_takes_a_command_along_that_still_runs(string plugin)
    {
        string result = ShellCommand.Run($$"""
            folder=$(mktemp -d); trap "rm -r $folder" EXIT; cd $folder; mkdir tmp disks
            TMPDIR=$folder/tmp nbdfast -f -U s -P pid {{plugin}} 1M \
                command='touch "$disk"; echo $$ >'$folder'/started; sleep 300' & server=$!
            until test -s pid; do sleep 0.05; done
            nbdinfo --size "nbd+unix:///?socket=s" >client 2>&1 &
            until test -s started; do sleep 0.05; done
            kill $server; wait $server; echo "exit $?"
            # Somebody has yet to take note of the end of what the command has started: that is no process any more.
            runs() { ps -eo pgid=,stat= | awk -v group=$1 '$1 == group && $2 !~ /^Z/ { n++ } END { exit !n }'; }
            while runs $(cat started); do sleep 0.05; done
            wait; ls tmp disks
            """).Succeeded();
        Assert.Equal("exit 0\ndisks:\n\ntmp:", result.Trim());
    }

    [Fact]
    public void Four_clients_at_once_have_disks_of_their_own()
    {
        using ServerProcess server = ServerProcess.Start("tmpdisk 8M");
        server.Run("""
            for i in 0 1 2 3; do
                nbdsh -u $uri -c "
            import os
            data = os.urandom(1 << 20)
            for offset in range(0, 8 << 20, 1 << 20): h.pwrite(data, offset, nbd.CMD_FLAG_FUA)
            for offset in range(0, 8 << 20, 1 << 20): assert h.pread(len(data), offset) == data
            h.shutdown()" & pids="$pids $!"
            done
            for pid in $pids; do wait $pid; done
            """);
    }

    [Fact]
    public void Examples_of_commands_give_what_they_say()
    {
        using ServerProcess nodes = ServerProcess.Start(
            "tmpdisk 64M command='truncate -s $size \"$disk\"; mke2fs -q -F -N 10000 -t ext4 \"$disk\"'");
        nodes.Run("nbdcopy $uri disk && dumpe2fs -h disk 2>/dev/null | grep 'Inode count: *9984$' >found");
        using ServerProcess snapshot = ServerProcess.Start(
            "tmpdisk size=0 base=$PWD/base.img command=' cp --sparse=always \"$base\" \"$disk\" '",
            "mkdir content; echo hello >content/file; truncate -s 16M base.img; "
            + "mke2fs -q -d content -F -t ext4 base.img");
        snapshot.Run("nbdcopy $uri disk && cmp disk base.img && test \"$(debugfs -R 'cat file' disk)\" = hello");
    }

    [Fact]
    public void A_refusal_says_why()
    {
        using ServerProcess server = ServerProcess.Start("ondemand dir=. 10M type=nosuchtype");
        server.Try("nbdinfo $uri").Failed(1, "");
        server.Try("nbdinfo 'nbd+unix:///.x?socket=s'").Failed(1, "");
        server.HasSaid("command exited with code 1");
        server.HasSaid("invalid exportname '.x' rejected");
        Assert.Equal("pid\ns", server.Run("ls -A"));
    }

    [Fact]
    public void A_server_that_ends_does_not_wait_for_those_that_wait()
    {
        using ServerProcess server = ServerProcess.Start("ondemand dir=. 1M wait=1");
        server.Run("""
            nbdsh -u $uri -c "
            import os, signal, subprocess, sys, time
            other = subprocess.Popen(['nbdinfo', '--size', os.environ['uri']], stderr=subprocess.DEVNULL)
            time.sleep(0.3)
            assert other.poll() is None
            os.kill(int(os.environ['server']), signal.SIGTERM)
            assert other.wait() != 0"
            """);
        Assert.Equal(0, server.WaitForEnd());
    }
}
