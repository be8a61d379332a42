// Real file systems on served disks, mounted by the kernel where it lets us. Not: whole guests (GuestTests).

using NbdFast.Testing;

namespace NbdFast.Interop;

[Trait("Needs", "root")]
public sealed class FileSystemTests
{
    private const string MakeTree =
        "mkdir -p tree/deep/er && seq 1 100000 >tree/numbers && head -c 1M /dev/urandom >tree/deep/er/noise" +
        " && ln -s numbers tree/link";

    [Fact]
    public void An_ext4_image_copied_over_nbd_checks_clean_and_has_its_files()
    {
        Requires.Tools("mkfs.ext4", "debugfs", "nbdcopy");
        using ServerProcess server = ServerProcess.Start("memory 32M");
        server.Run(
            $"{MakeTree} && truncate -s 32M image && mkfs.ext4 -q -d tree image && nbdcopy image $uri" +
            " && nbdcopy $uri copy && e2fsck -fn copy && debugfs -R 'cat /deep/er/noise' copy 2>/dev/null" +
            " | cmp tree/deep/er/noise -");
    }

    [SkippableFact]
    public void Ext4_on_a_fuse_mounted_disk_keeps_its_files_in_the_served_file()
    {
        Requires.Root();
        Requires.Device("/dev/fuse");
        Requires.Device("/dev/loop-control");
        Requires.Tools("nbdfuse", "mkfs.ext4", "losetup");
        using ServerProcess server = ServerProcess.Start("file disk", before: "truncate -s 64M disk");
        // The mount ends however the commands between end.
        server.Run(
            $"{MakeTree} && mkdir fuse mount && (nbdfuse fuse/nbd $uri & echo $! >fuse.pid)" +
            " && trap 'umount -q mount; umount -q fuse; true' EXIT" +
            " && for i in $(seq 200); do [ -e fuse/nbd ] && break; sleep 0.05; done" +
            " && mkfs.ext4 -q fuse/nbd && mount -o loop fuse/nbd mount && cp -a tree/. mount/ && umount mount" +
            " && umount fuse && while kill -0 $(cat fuse.pid) 2>/dev/null; do sleep 0.05; done; nbdinfo --size $uri");
        server.Run("e2fsck -fn disk && debugfs -R 'cat /numbers' disk 2>/dev/null | cmp tree/numbers -");
    }

    [SkippableFact]
    public void A_read_only_ext4_is_mounted_through_fuse_and_read()
    {
        Requires.Root();
        Requires.Device("/dev/fuse");
        Requires.Device("/dev/loop-control");
        Requires.Tools("nbdfuse", "mkfs.ext4", "losetup");
        using ServerProcess server = ServerProcess.Start(
            "-r file disk", before: $"{MakeTree} && truncate -s 32M disk && mkfs.ext4 -q -d tree disk");
        server.Run(
            "mkdir fuse mount && (nbdfuse -r fuse/nbd $uri & echo $! >fuse.pid)" +
            " && trap 'umount -q mount; umount -q fuse; true' EXIT" +
            " && for i in $(seq 200); do [ -e fuse/nbd ] && break; sleep 0.05; done" +
            " && mount -o ro,noload,loop fuse/nbd mount && diff -r tree mount -x lost+found && umount mount" +
            " && umount fuse && while kill -0 $(cat fuse.pid) 2>/dev/null; do sleep 0.05; done; nbdinfo --size $uri");
    }
}
