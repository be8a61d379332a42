// FAT disks under both programs: what they answer, and abilities. Not: the bytes, for the file systems are laid out
// differently (docs/parity.md).

using NbdFast.Testing;

namespace NbdFast.Parity;

public sealed class FloppyParityTests
{
    private const string Files = "mkdir -p d/sub; echo hello >d/hello.txt; cp disk d/sub";

    [Theory]
    [InlineData("floppy d size=64M")]
    [InlineData("floppy dir=d size=40M label=HELLO")]
    [InlineData("-r floppy size=1G d")]
    public void A_disk_of_files_looks_the_same(string server) => Twins.RunAlike(
        $"-U - {server} --run 'nbdinfo --json \"$uri\" | grep -v \"uri\\|content\\|contexts\\|base:\"; "
        + "nbdsh -u \"$uri\" -c \"print(h.pread(512, 0)[450:458].hex(), h.pread(90, 1 << 20)[71:90])\"'",
        Files).Nbdkit.Succeeded();

    [Theory]
    [InlineData("floppy", "you must supply the dir=<DIRECTORY> parameter after the plugin name on the command line")]
    [InlineData("floppy nosuch", "realpath: nosuch: No such file or directory")]
    [InlineData("floppy disk", "Not a directory")]
    [InlineData("floppy d d", "dir=<DIRECTORY> must only be set once")]
    [InlineData("floppy d size=3T", "disk image is too large for the MBR disk format")]
    [InlineData("floppy d size=x", "could not parse size string (x)")]
    [InlineData("floppy d foo=1", "unknown parameter 'foo'")]
    public void A_start_is_refused_the_same(string server, string gist)
    {
        (CommandResult nbdkit, CommandResult nbdfast) = Twins.Run(server, Files);
        nbdkit.Failed(1, gist);
        nbdfast.Failed(1, gist);
    }
}
