// Files side by side under both programs. Not: what the older nbdkit does wrong at borders between files, which
// docs/parity.md lists.

using NbdFast.Testing;

namespace NbdFast.Parity;

public sealed class SplitParityTests
{
    private const string Pieces = "split -b 99999 -d disk piece. && touch empty";

    [Theory]
    [InlineData("split disk")]
    [InlineData("split file=disk")]
    [InlineData("-r split disk")]
    [InlineData("split disk disk")]
    [InlineData("split piece.* empty file=disk")]
    [InlineData("split empty")]
    [InlineData("-e name split empty disk")]
    public void A_disk_of_files_looks_the_same(string server)
    {
        const string Probe = "nbdinfo --json \"$uri\" | grep -v \"uri\\|content\\|contexts\\|base:\" "
            + "&& nbdcopy --request-size=4096 \"$uri\" copy && sha256sum <copy";
        Twins.RunAlike($"-U - {server} --run '{Probe}'", Pieces).Nbdkit.Succeeded();
    }

    [Fact]
    public void What_is_written_into_the_first_file_is_the_same() => Twins.RunAlike(
        "-U - split disk empty --run 'nbdsh -u $uri -c \"h.pwrite(b\\\"x\\\" * 70000, 12345)\"'; sha256sum disk",
        "touch empty");

    [Theory]
    [InlineData("split nosuch", "realpath: nosuch: No such file or directory")]
    [InlineData("split disk nosuch", "realpath: nosuch: No such file or directory")]
    [InlineData("split disk foo=1", "unknown parameter 'foo'")]
    [InlineData("split ''", "cannot resolve a null or empty path")]
    public void A_start_is_refused_the_same(string server, string gist)
    {
        (CommandResult nbdkit, CommandResult nbdfast) = Twins.Run(server);
        nbdkit.Failed(1, gist);
        nbdfast.Failed(1, gist);
    }
}
