// The same hosts, files and parameters given to both programs. Not: what is meant to differ (docs/parity.md).

using System.Text.RegularExpressions;
using NbdFast.Testing;

namespace NbdFast.Parity;

// The user nobody, who runs tests for root, may not log in anywhere.
[Trait("Needs", "root")]
public sealed partial class SshParityTests(SharedSshServer shared) : IClassFixture<SharedSshServer>
{
    private readonly SshServer _ssh = shared.Server;

    [Theory]
    [InlineData("ssh IN FILES/disk")]
    [InlineData("ssh IN path=FILES/odd")]
    [InlineData("-r ssh IN FILES/odd")]
    [InlineData("-r ssh IN FILES/disk compression=true timeout=60 verify-remote-host=true")]
    [InlineData("ssh HERE identity=KEYid verify-remote-host=false FILES/disk")]
    [InlineData("ssh IN FILES/new create=true create-size=1M")]
    [InlineData("-r ssh IN FILES/new create=true create-size=1M create-mode=0640")]
    [InlineData("ssh IN FILES/new create=true create-size=0 create-mode=9")]
    public void A_disk_looks_the_same(string server)
    {
        string remove = $"rm -f {_ssh.Files}/new";
        Twins.RunAlike(
            $"-U - {Filled(server)} --run '. ./probe'; stat -c '%a %s' {_ssh.Files}/*; {remove}").Nbdkit.Succeeded();
    }

    [Fact]
    public void What_is_written_is_the_same()
    {
        const string Write =
            """h.pwrite(b\"x\" * 100000, 5); h.zero(5000, 70000); h.flush(); h.pwrite(b\"y\", 0, nbd.CMD_FLAG_FUA)""";
        (CommandResult nbdkit, _) = Twins.RunAlike(
            $"-U - ssh {_ssh.Parameters} $PWD/disk --run 'nbdsh -u \"$uri\" -c \"{Write}\"'; sha256sum <disk");
        nbdkit.Succeeded();
    }

    [Theory]
    [InlineData("IN FILES/nothing", "cannot open file for writing: SFTP server: No such file")]
    [InlineData("IN FILES/folder", "cannot open file for writing: SFTP server: Failure")]
    [InlineData("IN FILES/nothing/new create=1 create-size=1", "cannot create file for writing: SFTP server")]
    [InlineData("HERE identity=KEYid known-hosts=/nonexistent FILES/disk", "either the host key is unknown")]
    [InlineData("HERE identity=KEYid known-hosts=KEYchanged FILES/disk", "host key for server changed")]
    [InlineData("HERE identity=KEYid known-hosts=KEYothertype FILES/disk", "but another type of key exists")]
    [InlineData("HERE identity=KEYstranger known-hosts=KEYknown FILES/disk", "authentication methods failed")]
    [InlineData("HERE identity=KEYlocked known-hosts=KEYknown FILES/disk", "authentication methods failed")]
    [InlineData("HERE known-hosts=KEYknown password=wrong FILES/disk", "authentication methods failed")]
    [InlineData("IN user=no-such-user FILES/disk", "authentication methods failed")]
    [InlineData("IN port=1 FILES/disk", "failed to connect to remote host: 127.0.0.1: Connection refused")]
    [InlineData("host=no-such-host.invalid config= /disk", "failed to connect to remote host: no-such-host.invalid: ")]
    public void A_disk_is_refused_the_same(string parameters, string gist)
    {
        (CommandResult nbdkit, CommandResult nbdfast) =
            Twins.Run($"-U - ssh {Filled(parameters)} --run 'nbdinfo \"$uri\"'");
        nbdkit.Failed(nbdkit.ExitCode, gist);
        nbdfast.Failed(nbdkit.ExitCode, gist);
    }

    [Theory]
    [InlineData("create=true", "if using create=true, you must specify the size of the new remote file using create-")]
    [InlineData("create=true create-size=-1", "size cannot be negative (-1)")]
    [InlineData("create-mode=644", "create-mode must be <= 0777")]
    [InlineData("timeout=-1", "timeout: negative numbers are not allowed")]
    [InlineData("timeout=99999999999", "could not parse number: \"99999999999\": Numerical result out of range")]
    [InlineData("compression=maybe", "could not decipher boolean (maybe)")]
    [InlineData("verify-remote-host=x", "could not decipher boolean (x)")]
    [InlineData("password=+/nonexistent", "open /nonexistent: No such file or directory")]
    [InlineData("nothing=1", "unknown parameter 'nothing'")]
    public void A_parameter_is_refused_the_same(string parameter, string gist)
    {
        (CommandResult nbdkit, CommandResult nbdfast) = Twins.Run($"-U - ssh host=h /p {parameter}");
        nbdkit.Failed(1, gist);
        nbdfast.Failed(1, gist);
    }

    private string Filled(string text) => Words().Replace(text, match => match.Value switch
    {
        "IN" => _ssh.Parameters,
        "HERE" => _ssh.Host,
        "FILES" => _ssh.Files,
        _ => _ssh.Key("") + "/",
    });

    [GeneratedRegex(@"\bIN\b|\bHERE\b|\bFILES\b|KEY")]
    private static partial Regex Words();
}
