// ISO images read back by other programs. Not: parameters one by one (Plugins.Tests).

using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class IsoDiskTests
{
    private const string Folders = """
        mkdir -p a/sub "b's \$(touch oops)"
        echo hello >a/hello.txt; echo deep >a/sub/deep; ln -s hello.txt a/link
        echo grüße >"a/ein langer Name mit ü.txt"
        echo other >"b's \$(touch oops)/other.txt"
        head -c 3000000 /dev/urandom >a/noise
        """;

    [Theory]
    [InlineData("xorriso")]
    [InlineData("genisoimage")]
    public void Directories_are_put_together_under_their_whole_names(string program)
    {
        Requires.Tools("nbdcopy", "isoinfo", "xorriso", program);
        using ServerProcess server = ServerProcess.Start(
            $"""iso a dir="b's \$(touch oops)" params='-JrT -V "My Disk Image"' prog={program}""", before: Folders);
        server.Run("""
            nbdcopy $uri disk.iso
            isoinfo -d -i disk.iso | grep 'Volume id: My Disk Image'
            isoinfo -R -f -i disk.iso | sort >names
            grep -x /sub/deep names && grep -x /other.txt names && grep -x '/ein langer Name mit ü.txt' names
            [ ! -e oops ]
            xorriso -osirrox on -indev disk.iso -extract /noise back -extract /link link
            cmp back a/noise && [ "$(readlink link)" = hello.txt ]
            """);
    }

    [Fact]
    public void Without_extensions_names_are_those_of_old()
    {
        Requires.Tools("nbdcopy", "isoinfo");
        using ServerProcess server = ServerProcess.Start("iso a", before: Folders);
        Assert.Contains("/HELLO.TXT;1", server.Run("nbdcopy $uri disk.iso && isoinfo -f -i disk.iso"));
    }

    [Fact]
    public void Four_clients_at_once_read_the_same_image()
    {
        Requires.Tools("nbdcopy");
        using ServerProcess server = ServerProcess.Start("iso a params=-r", before: Folders);
        server.Run("""
            for i in 1 2 3 4; do nbdcopy $uri copy$i & pids="$pids $!"; done
            for pid in $pids; do wait $pid; done
            cmp copy1 copy2 && cmp copy2 copy3 && cmp copy3 copy4
            """);
    }

    [Fact]
    public void A_program_that_fails_is_heard()
    {
        Requires.Tools("xorriso");
        CommandResult result = ShellCommand.Run("nbdfast -U - iso /usr/share/man params=--nosuch --run true");
        result.Failed(1, "Unrecognized option '--nosuch'");
        result.Failed(1, "nbdfast: error: xorriso: command failed with exit code");
    }

    [Fact]
    public void Nothing_is_left_behind_and_the_folder_for_it_must_be_there()
    {
        Requires.Tools("xorriso", "nbdinfo");
        ShellCommand.Run("TMPDIR=/nonexistent nbdfast -U - iso /bin --run true").Failed(1, "mkstemp: /nonexistent/");
        CommandResult result = ShellCommand.Run("""
            d=$(mktemp -d); trap 'rm -r $d' EXIT
            TMPDIR=$d nbdfast -U - iso /usr/share/man/man1 --run 'nbdinfo --size "$uri" >/dev/null; ls '$d' | wc -l'
            ls $d | wc -l
            """);
        Assert.Equal("0\n0", result.Succeeded());
    }
}
