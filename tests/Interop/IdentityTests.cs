// Another user and group (-u, -g), and the bond to the parent process (--exit-with-parent). Not: who clients are.

using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class IdentityTests
{
    // start OPTIONS: a server in the background; ids: the distinct users, groups and supplementary groups of its
    // threads.
    private const string Functions = """
        chmod 777 .
        start() { nbdfast -U socket -P pid "$@" memory 1M; }
        ids() { grep -hE '^(Uid|Gid|Groups):' /proc/$(cat pid)/task/*/status | sort -u | tr -s '\t ' ' '; }
        finish() { kill $(cat pid); while [ -e /proc/$(cat pid) ]; do sleep 0.01; done; }

        """;

    [SkippableTheory]
    [Trait("Needs", "root")]
    [InlineData("-u nobody -g nogroup", "Gid: 65534 65534 65534 65534\nGroups: 65534 \nUid: 65534 65534 65534 65534")]
    [InlineData("--user 123 --group=456", "Gid: 456 456 456 456\nGroups: 456 \nUid: 123 123 123 123")]
    [InlineData("-g 456", "Gid: 456 456 456 456\nGroups: 456 \nUid: 0 0 0 0")]
    public void Every_thread_is_somebody_else(string options, string expected)
    {
        Requires.Root();
        Requires.Tools("nbdinfo");
        Assert.Equal(
            expected + "\n1048576",
            Run($"start {options}; nbdsh -u nbd+unix://?socket=socket -c 'import os; os.system(\"true\")'; ids; "
                + "nbdinfo --size nbd+unix://?socket=socket; finish"));
    }

    [SkippableFact]
    [Trait("Needs", "root")]
    public void The_socket_is_made_before_and_the_pid_file_after_the_change()
    {
        Requires.Root();
        Assert.Equal("0 123", Run("start -u 123; echo $(stat -c %u socket) $(stat -c %u pid); finish"));
    }

    [SkippableFact]
    [Trait("Needs", "root")]
    public void The_command_of_run_stays_who_the_caller_is_and_the_private_socket_goes()
    {
        Requires.Root();
        string[] lines = Run("nbdfast -u 123 -g 456 memory 1M --run 'id -u; id -g; echo $unixsocket'").Split('\n');
        Assert.Equal(["0", "0"], lines[..2]);
        if (!NativeBinary.IsNbdkit)
            Assert.False(System.IO.Directory.Exists(System.IO.Path.GetDirectoryName(lines[2])));
    }

    [SkippableFact]
    [Trait("Needs", "root")]
    public void Whoever_may_not_change_is_told()
    {
        Requires.Root();
        using TempFolder folder = new();
        // Through a copy, for the folder of the build need not be open to everybody.
        ShellCommand.Run(
            "chmod 777 .; cp -L \"$(command -v nbdfast)\" server; "
            + "setpriv --reuid=65534 --regid=65534 --clear-groups ./server -f -u 123 -U socket memory 1M",
            folder: folder.Path).Failed(1, "Operation not permitted");
    }

    [Fact]
    public void The_server_ends_with_its_parent() => EndsWithParent("");

    [SkippableFact]
    [Trait("Needs", "root")]
    public void The_server_ends_with_its_parent_also_as_another_user()
    {
        Requires.Root();
        Skip.If(NativeBinary.IsNbdkit, "Debian's nbdkit loses the bond with the user");
        EndsWithParent("-u 123");
    }

    [Fact]
    public void The_server_does_not_end_as_long_as_its_parent_lives() => Assert.Equal(
        "serving\n0",
        Run("nbdfast --exit-with-parent -U socket -P pid memory 1M & while [ ! -s pid ]; do sleep 0.01; done; "
            + "nbdinfo --size nbd+unix://?socket=socket >/dev/null && echo serving; kill $!; wait $!; echo $?"));

    private static void EndsWithParent(string options) =>
        Run("sh -c '\"$@\" & while [ ! -s pid ]; do sleep 0.01; done' - "
            + $"nbdfast --exit-with-parent -U socket -P pid {options} memory 1M; "
            + "while [ -d /proc/$(cat pid) ] && ! grep -q '^State:.Z' /proc/$(cat pid)/status; do sleep 0.01; done");

    private static string Run(string script)
    {
        using TempFolder folder = new();
        return ShellCommand.Run(Functions + script, folder: folder.Path).Succeeded();
    }
}
