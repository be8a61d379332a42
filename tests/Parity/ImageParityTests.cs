// Images made of directories under both programs. Not: extents, which nbdkit does not tell of them, nor what differs
// from one run of mke2fs to the next.

using NbdFast.Testing;

namespace NbdFast.Parity;

public sealed class ImageParityTests
{
    private const string Files = """
        echo hello >folder/hello.txt; ln -s hello.txt folder/link; mkdir folder/sub; echo deep >folder/sub/deep
        cp disk folder/sub/noise
        """;

    [Theory]
    [InlineData("iso folder", "isoinfo -l -i copy")]
    [InlineData("iso folder params='-JrT -V \"My Disk\"'", "isoinfo -R -l -i copy; isoinfo -d -i copy")]
    [InlineData("iso dir=folder disk params=-r", "isoinfo -R -f -i copy")]
    [InlineData("linuxdisk folder size=8M", "sfdisk -d copy | grep -o \"start=.*size=[^,]*\"; stat -c %s copy")]
    [InlineData("linuxdisk dir=folder size=2000001 label=X", "sfdisk -d copy | grep -o \"start=.*size=[^,]*\"")]
    [InlineData("linuxdisk folder size=9M type=ext4", "tail -c +1048577 copy >part; debugfs -R \"ls -p\" part")]
    public void An_image_has_the_same_in_it(string server, string look)
    {
        Requires.Tools("xorriso", "isoinfo", "sfdisk", "debugfs");
        Twins.RunAlike($"-U - {server} --run 'PATH=$PATH:/sbin:/usr/sbin; nbdcopy \"$uri\" copy && {look}'", Files)
            .Nbdkit.Succeeded();
    }

    [Theory]
    [InlineData("iso folder")]
    [InlineData("linuxdisk folder size=4M")]
    public void Clients_can_do_the_same(string server) => Twins.RunAlike(
        $"-U - {server} --run 'nbdinfo --json \"$uri\" | grep -v \"uri\\\\|content\\\\|size\"'", Files)
        .Nbdkit.Succeeded();

    [Theory]
    [InlineData("iso /nonexistent", "realpath: /nonexistent: No such file or directory")]
    [InlineData("iso folder prog=false", "false: command failed with exit code 1")]
    [InlineData("iso folder prog=nosuch", "nosuch: command failed with exit code 127")]
    [InlineData("iso folder params=--nosuch", "xorriso: command failed with exit code")]
    [InlineData("iso folder a=b", "unknown parameter 'a'")]
    [InlineData("linuxdisk /nonexistent", "No such file or directory")]
    [InlineData("linuxdisk /etc/passwd", "ot a directory")]
    [InlineData("linuxdisk folder folder", "dir=<DIRECTORY> must only be set once")]
    [InlineData("linuxdisk folder size=-1", "size cannot be negative (-1)")]
    [InlineData("linuxdisk folder size=+x", "could not parse size string (x)")]
    [InlineData("linuxdisk folder type=xfs", "type=<TYPE> must be an filesystem type supported by e2fsprogs")]
    [InlineData("linuxdisk folder size=100k", "mke2fs: command failed with exit code 1")]
    [InlineData("linuxdisk folder a=b", "unknown parameter 'a'")]
    public void A_start_is_refused_the_same(string server, string gist)
    {
        Requires.Tools("xorriso", "mke2fs");
        (CommandResult nbdkit, CommandResult nbdfast) = Twins.Run($"-U - {server} --run true", Files);
        nbdkit.Failed(1, gist);
        nbdfast.Failed(1, gist);
    }
}
