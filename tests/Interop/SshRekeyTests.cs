// Keys that are exchanged anew again and again while data goes both ways. Not: the first exchange (SshLoginTests).

using System.IO;
using NbdFast.Testing;

namespace NbdFast.Interop;

// OpenSSH does so once in some GiB, so every long copy has it happen. The user nobody, who runs tests for root, may not
// log in anywhere.
[Trait("Needs", "root")]
public sealed class SshRekeyTests
{
    private const string Aes = "Ciphers aes128-gcm@openssh.com";
    private const string Counter = "Ciphers aes128-ctr\nMACs hmac-sha2-256-etm@openssh.com";
    private const string ChaCha = "Ciphers chacha20-poly1305@openssh.com";

    [Theory]
    [InlineData(Aes)]
    [InlineData(Counter)]
    [InlineData(ChaCha)]
    public void Copies_are_the_same(string cipher)
    {
        Requires.Tools("nbdcopy");
        using SshServer ssh = Server(cipher, "1M");
        using ServerProcess server = ServerProcess.Start($"ssh {ssh.Parameters} {ssh.Files}/disk");
        using ServerProcess target = ServerProcess.Start($"ssh {ssh.Parameters} {ssh.Files}/empty");
        server.Run($"nbdcopy $uri copy && cmp copy {ssh.Files}/disk");
        target.Run($"nbdcopy --flush {ssh.Files}/disk $uri && cmp {ssh.Files}/empty {ssh.Files}/disk");
        server.Run($"nbdcopy --connections=1 $uri {target.Uri} && cmp {ssh.Files}/empty {ssh.Files}/disk");
        AssertRekeyed(ssh, 20);
    }

    [Theory]
    [InlineData(Aes)]
    [InlineData(ChaCha)]
    public void Reads_and_writes_under_way_at_once_are_right(string cipher)
    {
        Requires.Tools("nbdsh");
        using SshServer ssh = Server(cipher, "256K");
        using ServerProcess server = ServerProcess.Start($"ssh {ssh.Parameters} {ssh.Files}/empty");
        server.Run(ManyAtOnce);
        AssertRekeyed(ssh, 20);
    }

    // libssh counts too, if its configuration says so, and may then begin at the same moment as the server.
    [Fact]
    public void Either_side_may_begin()
    {
        Requires.Tools("nbdsh", "nbdcopy");
        using SshServer ssh = Server(Aes, "1M");
        string configuration = ssh.Key("limits");
        File.WriteAllText(configuration, "Host *\n    RekeyLimit 512K\n");
        string parameters = ssh.Parameters.Replace(
            "config=", $"config={configuration}", System.StringComparison.Ordinal);
        using ServerProcess server = ServerProcess.Start($"ssh {parameters} {ssh.Files}/empty");
        server.Run(ManyAtOnce);
        server.Run($"nbdcopy --flush {ssh.Files}/disk $uri && nbdcopy $uri copy && cmp copy {ssh.Files}/disk");
        AssertRekeyed(ssh, 20);
    }

    // Of what is under way nothing overlaps; all of it is compared with what was written last.
    private const string ManyAtOnce = """
        nbdsh -u $uri -c "
        import random
        chance = random.Random(1)
        part = 1 << 18
        model = bytearray(32 * part)
        under_way = {}
        def finish():
            for place, (cookie, buffer, expected) in list(under_way.items()):
                if h.aio_command_completed(cookie):
                    assert buffer.to_bytearray() == expected, place
                    del under_way[place]
        for n in range(600):
            while len(under_way) == 32:
                h.poll(-1)
                finish()
            place = chance.choice([p for p in range(32) if p not in under_way])
            count = chance.choice([1, 512, 4096, 65536, 70000, 150000])
            offset = place * part + chance.randrange(part - count)
            if n % 2:
                model[offset:offset + count] = data = chance.randbytes(count)
                buffer = nbd.Buffer.from_bytearray(bytearray(data))
                under_way[place] = (h.aio_pwrite(buffer, offset), buffer, data)
            else:
                buffer = nbd.Buffer(count)
                under_way[place] = (h.aio_pread(buffer, offset), buffer, bytes(model[offset:offset + count]))
        while under_way:
            h.poll(-1)
            finish()
        assert h.pread(len(model), 0) == model
        h.shutdown()"
        """;

    private static SshServer Server(string cipher, string limit) => new(
        "head -c 8M /dev/urandom >disk; truncate -s 8M empty", $"{cipher}\nRekeyLimit {limit}\nLogLevel DEBUG1");

    // Each exchange is told of; the first one of a client is marked.
    private static void AssertRekeyed(SshServer ssh, int atLeast)
    {
        int exchanges = 0;
        foreach (string line in ssh.Messages.Split('\n'))
            if (line.Contains("SSH2_MSG_KEXINIT sent", System.StringComparison.Ordinal)
                && !line.Contains("[preauth]", System.StringComparison.Ordinal))
                exchanges++;
        Assert.True(exchanges >= atLeast, $"keys were exchanged anew {exchanges} times only");
    }
}
