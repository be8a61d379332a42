// Where the server listens over TCP, as the system sees it, and what clients are told of it. Not: sockets of others
// (ActivationTests), vsock (GuestServerTests).

using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class AddressTests
{
    // sockets PORT: the addresses that are listened on.
    private const string Functions = """
        cat >sockets <<'SCRIPT'
        #!/bin/sh
        ss -ltnH "sport = :$1" | awk '{ print $4 }' | sed "s/:$1$//" | sort | tr '\n' ' '
        SCRIPT
        chmod +x sockets
        free() { /usr/bin/python3 -c 'import socket as s; print(s.create_server(("", 0)).getsockname()[1])'; }
        PATH=$PWD:$PATH
        port=$(free)

        """;

    public AddressTests() => Requires.Tools("nbdinfo", "ss");

    [Theory]
    [InlineData("", "0.0.0.0 [::] ", "localhost")]
    [InlineData("-4", "0.0.0.0 ", "localhost")]
    [InlineData("-4 -i 127.0.0.1", "127.0.0.1 ", "127.0.0.1")]
    [InlineData("-i 127.0.0.2", "127.0.0.2 ", "127.0.0.2")]
    [InlineData("-4 -i localhost", "127.0.0.1 ", "localhost")]
    [InlineData("--ip-addr 0.0.0.0", "0.0.0.0 ", "localhost")]
    [InlineData("-6", "[::] ", "[::1]")]
    [InlineData("-4 -6", "[::] ", "[::1]")]
    [InlineData("--ipaddr=::1", "[::1] ", "[::1]")]
    public void The_port_is_bound_where_the_options_say_and_the_uri_leads_there(
        string options, string sockets, string host)
    {
        string[] lines = Run(
            $"nbdfast {options} -p $port memory 1M --run 'sockets $port; echo; nbdinfo --size \"$uri\"; "
            + "echo ${uri%:*}'").Split('\n');
        Assert.Equal(sockets, lines[0]);
        if (!NativeBinary.IsNbdkit)
            Assert.Equal(["1048576", $"nbd://{host}"], lines[1..]);
    }

    [SkippableFact]
    public void Any_free_port_is_told_truly_in_all_places()
    {
        Skip.If(NativeBinary.IsNbdkit, "nbdkit tells 0 in the URI");
        Assert.Equal(
            "same same 1048576",
            Run("""
                nbdfast -4 -p 0 --print-uri memory 1M --run 'echo "$port $uri $(nbdinfo --size "$uri")"' >said
                read -r printed <said; read -r port uri size < <(tail -n 1 said)
                [ $uri = nbd://localhost:$port ] && echo -n "same "; [ $printed = $uri ] && echo -n "same "; echo $size
                """));
    }

    [Fact]
    public void A_port_may_be_named_as_a_service() => Assert.Equal(
        "bound",
        Run("""
            # Some service whose port nobody uses here.
            while read -r name number; do
                [ -z "$(sockets $number)" ] && break
            done < <(awk -F '[ \t/]+' '/^[a-z].*\/tcp/ && $2 > 1024 { print $1, $2 }' /etc/services)
            nbdfast -i 127.0.0.1 -p $name memory 1M --run '[ "$(sockets '$number')" = "127.0.0.1 " ] && echo bound'
            """));

    [SkippableTheory]
    [InlineData("", "0")]
    [InlineData("--keepalive", "1")]
    [InlineData("--keep-alive", "1")]
    public void Connections_are_probed_with_keepalive_alone(string option, string probed)
    {
        Skip.If(NativeBinary.IsNbdkit, "Debian's nbdkit has no --keepalive");
        Assert.Equal(
            probed,
            Run($"nbdfast -i 127.0.0.1 -p $port {option} memory 1M --run 'bash -c \"exec 3<>/dev/tcp/127.0.0.1/$port; "
                + "head -c 8 <&3 >/dev/null; ss -tnoH state established sport = :$port\" | grep -c keepalive'; :"));
    }

    private static string Run(string script)
    {
        using TempFolder folder = new();
        return ShellCommand.Run(Functions + script, folder: folder.Path).Succeeded();
    }
}
