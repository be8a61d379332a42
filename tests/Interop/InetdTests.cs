// Started by a super-server for each client, with the client's socket in the place of the standard streams. Not: -s in
// itself (SingleTests).

using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class InetdTests
{
    // serve OPTIONS...: xinetd with a configuration of its own, on a free port of the loopback; its log is in "log".
    private const string Serve = """
        serve() {
            port=$(/usr/bin/python3 -c 'import socket as s; t = s.create_server(("", 0)); print(t.getsockname()[1])')
            cat >conf <<CONF
        service nbd
        {
            type = UNLISTED
            bind = 127.0.0.1
            port = $port
            socket_type = stream
            protocol = tcp
            wait = no
            user = $(id -un)
            server = $(command -v nbdfast)
            server_args = -s $*
            log_type = FILE $PWD/log
        }
        CONF
            xinetd -dontfork -f $PWD/conf -pidfile $PWD/pid 2>said & server=$!
            until nbdinfo --size nbd://127.0.0.1:$port >size 2>error; do
                kill -0 $server || { cat said; exit 1; }
                sleep 0.05
            done
            cat size
        }
        finish() { kill $server; wait $server; }

        """;

    public InetdTests() => Requires.Tools("xinetd", "nbdinfo", "nbdsh");

    [Fact]
    public void Every_client_has_a_server_of_its_own() => Assert.Equal(
        "1048576\n0 1",
        Run("""
            serve memory 1M
            nbdsh -u nbd://127.0.0.1:$port -c 'a = h; b = nbd.NBD(); b.connect_uri("nbd://127.0.0.1:'$port'")' \
                -c 'a.pwrite(b"\1", 0); print(b.pread(1, 0)[0], a.pread(1, 0)[0]); a.shutdown(); b.shutdown()'
            finish
            """));

    [Fact]
    public void What_a_client_writes_is_there_for_the_next_and_messages_do_not_reach_it() => Assert.Equal(
        "3145728\nabc\nabc",
        Run("""
            truncate -s 3M disk
            serve -v file $PWD/disk
            nbdsh -u nbd://127.0.0.1:$port -c 'h.pwrite(b"abc", 7); print(h.pread(3, 7).decode()); h.shutdown()'
            nbdsh -u nbd://127.0.0.1:$port -c 'print(h.pread(3, 7).decode()); h.shutdown()'
            finish
            """));

    private static string Run(string script)
    {
        using TempFolder folder = new();
        return ShellCommand.Run(Serve + script, folder: folder.Path).Succeeded();
    }
}
