// What install.sh and build/deb.sh put in place: program, pages, completion, units, files of plugins. Not: what the
// program does.

using System.IO;
using System.Linq;
using NbdFast.Testing;

namespace NbdFast.Interop;

[Trait("Needs", "checkout")]
public sealed class InstallTests : System.IDisposable
{
    private readonly TempFolder _folder = new();

    public InstallTests()
    {
        Run($"{RepositoryRoot.Path}/install.sh {_folder.Path} && ln -s nbdfast bin/nbdkit");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_script_of_the_manual_finds_every_plugin()
    {
        string names = Run("""
            plugindir=`nbdkit --dump-config | grep ^plugindir= | sed 's/[^=]*=//'`
            for f in $plugindir/nbdkit-*-plugin.so; do
                if nbdkit "$f" --version >/dev/null 2>&1; then
                    echo "$f" | sed 's,.*/nbdkit-\(.*\)-plugin.so$,\1,'
                fi
            done
            """);
        Assert.Equal(Run("nbdfast --dump-config | sed -n s/^nbdfast_plugins=//p | tr ' ' '\\n'"), names);
        Assert.Contains("memory", names);
    }

    [Fact]
    public void A_plugin_and_a_filter_may_be_named_by_their_files() => Assert.Equal(
        "524288",
        Run("d=$PWD/lib/nbdfast; nbdkit --filter=$d/filters/nbdkit-offset-filter.so "
            + "$d/plugins/nbdkit-memory-plugin.so 1M offset=512k --run 'nbdinfo --size \"$uri\"'"));

    [Fact]
    public void A_dump_names_the_files() => Assert.Equal(
        $"path={_folder.Path}/lib/nbdfast/plugins/nbdkit-null-plugin.so\n"
        + $"cow_path={_folder.Path}/lib/nbdfast/filters/nbdkit-cow-filter.so",
        Run("nbdkit --filter=cow null --dump-plugin | grep path="));

    [Fact]
    public void Called_nbdkit_the_program_says_nbdkit()
    {
        Assert.Matches(@"^nbdkit 1\.48\.\d+ \(nbdfast [0-9.]+\)$", Run("nbdkit --version"));
        ShellCommand.Run($"{_folder.Path}/bin/nbdkit nosuch").Failed(1, "nbdkit: error: cannot open plugin 'nosuch'");
    }

    [Fact]
    public void Every_unit_and_the_program_have_a_manual_page_that_man_reads_without_a_warning()
    {
        string[] pages = Directory.GetFiles(_folder.File("share/man/man1"));
        Assert.Contains("nbdfast.1.gz", pages.Select(Path.GetFileName));
        Assert.Contains("nbdfast-memory-plugin.1.gz", pages.Select(Path.GetFileName));
        Requires.Tools("man");
        Assert.Equal(
            "",
            Run("for f in share/man/man1/*; do man --warnings=w -l $f 2>&1 >/dev/null; done"));
        string text = Run("man -l share/man/man1/nbdfast.1.gz | cat");
        foreach (string option in Run("nbdfast --long-options").Split('\n'))
            Assert.Contains(option, text);
    }

    [Fact]
    public void Systemd_takes_the_units()
    {
        Requires.Tools("systemd-analyze");
        // It says what is wrong even where it does not fail.
        Assert.Equal("", Run("systemd-analyze verify --man=no lib/systemd/system/nbdfast.* 2>&1"));
    }

    [Fact]
    public void The_configuration_of_the_service_is_a_script_that_serves()
    {
        string command = Run("sed -n 's/^ExecStart=//p' lib/systemd/system/nbdfast.service");
        Assert.Equal($"{_folder.Path}/bin/nbdfast /etc/nbdfast.conf", command);
        Assert.Equal(
            "67108864",
            Run("nbdfast ./share/doc/nbdfast/examples/nbdfast.conf --run 'nbdinfo --size \"$uri\"'"));
    }

    [Theory]
    [InlineData("--excl", "")]
    [InlineData("--exit", "--exit-with-parent")]
    [InlineData("--filter=of", "offset")]
    [InlineData("--filter of", "offset")]
    [InlineData("mem", "memory")]
    [InlineData("-f -U - mem", "memory")]
    [InlineData("--log=s", "stderr syslog")]
    [InlineData("--filter=offset memory off", "offset=")]
    [InlineData("file fi", "file=")]
    public void Bash_completes_options_and_names(string line, string completions) => Assert.Equal(
        completions,
        Run("source share/bash-completion/completions/nbdfast; COMP_LINE=\"nbdfast " + line
            + "\"; COMP_POINT=${#COMP_LINE}; COMP_WORDS=($COMP_LINE); _nbdfast; echo \"${COMPREPLY[*]}\""));

    [Fact]
    public void The_Debian_package_has_all_of_it_and_its_program_runs()
    {
        Requires.Tools("dpkg-deb");
        string package = Run($"{RepositoryRoot.Path}/build/deb.sh");
        Assert.Equal("nbdfast", Run($"dpkg-deb -f {package} Package"));
        Run($"dpkg-deb -x {package} deb && (cd deb/usr && find . | sort) >deb.list && (cd . && find bin lib share | "
            + "grep -v bin/nbdkit | sed 's,^,./,' | sort) >own.list && grep -vxFf deb.list own.list; [ $? = 1 ]");
        Assert.Equal("1048576", Run("deb/usr/bin/nbdfast memory 1M --run 'nbdinfo --size \"$uri\"'"));
    }

    private string Run(string script) =>
        ShellCommand.Run($"PATH=$PWD/bin:$PATH\n{script}", folder: _folder.Path).Succeeded();
}
