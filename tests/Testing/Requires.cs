// What a test needs of the machine. Not: installing it (test.sh).

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace NbdFast.Testing;

/// <summary>
/// Needs of tests. A missing program is a failure that names its Debian package, since test.sh installs them all; what
/// only the kernel can give (a device node) makes the test skip with the reason.
/// </summary>
public static class Requires
{
    private static readonly Dictionary<string, string> Packages = new(StringComparer.Ordinal)
    {
        ["fincore"] = "util-linux-extra",
        ["fio"] = "fio",
        ["nbdcopy"] = "libnbd-bin",
        ["nbdinfo"] = "libnbd-bin",
        ["nbdfuse"] = "nbdfuse",
        ["nbdsh"] = "python3-libnbd",
        ["nbdkit"] = "nbdkit",
        ["nbd-client"] = "nbd-client",
        ["qemu-img"] = "qemu-utils",
        ["qemu-io"] = "qemu-utils",
        ["qemu-nbd"] = "qemu-utils",
        ["nbd-server"] = "nbd-server",
        ["qemu-system-x86_64"] = "qemu-system-x86",
        ["mkfs.ext4"] = "e2fsprogs",
        ["debugfs"] = "e2fsprogs",
        ["mkfs.vfat"] = "dosfstools",
        ["mkfs.xfs"] = "xfsprogs",
        ["e2fsck"] = "e2fsprogs",
        ["mke2fs"] = "e2fsprogs",
        ["sfdisk"] = "fdisk",
        ["xorriso"] = "xorriso",
        ["genisoimage"] = "genisoimage",
        ["isoinfo"] = "genisoimage",
        ["man"] = "man-db",
        ["systemd-analyze"] = "systemd",
        ["systemd-socket-activate"] = "systemd",
        ["ss"] = "iproute2",
        ["checkpolicy"] = "checkpolicy",
        ["strace"] = "strace",
        ["xinetd"] = "xinetd",
        ["dpkg-deb"] = "dpkg",
        ["busybox"] = "busybox-static",
        ["sgdisk"] = "gdisk",
        ["mdir"] = "mtools",
        ["fsck.vfat"] = "dosfstools",
        ["cpio"] = "cpio",
        ["losetup"] = "mount",
        ["unshare"] = "util-linux",
        ["fusermount3"] = "fuse3",
        ["pkill"] = "procps",
        ["certtool"] = "gnutls-bin",
        ["curl"] = "curl",
        ["nginx"] = "nginx-light",
        ["psktool"] = "gnutls-bin",
        ["sshd"] = "openssh-server",
        ["ssh-keygen"] = "openssh-client",
        ["ssh-agent"] = "openssh-client",
        ["gnutls-cli"] = "gnutls-bin",
    };

    /// <summary>Programs, by name.</summary>
    public static void Tools(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
            Assert.True(Find(name) != null, $"{name} is missing: apt-get install {Packages[name]}");
    }

    /// <summary>Skips the test unless the device can be opened here, for reading and writing.</summary>
    public static void Device(string path)
    {
        string? obstacle = null;
        try
        {
            using FileStream device = new(path, FileMode.Open, FileAccess.ReadWrite);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            obstacle = error.Message;
        }

        Skip.If(obstacle != null, $"{path} cannot be used here: {obstacle}");
    }

    /// <summary>Skips the test unless the kernel has vsock.</summary>
    public static void Vsock() => Skip.IfNot(File.Exists("/dev/vsock"), "this kernel has no vsock");

    /// <summary>Skips the test unless it runs as root.</summary>
    public static void Root() => Skip.IfNot(Environment.IsPrivilegedProcess, "only root may do this");

    private static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") + ":/usr/local/sbin:/usr/sbin:/sbin")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
}
