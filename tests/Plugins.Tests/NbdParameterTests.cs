// The command line of the nbd plugin. Not: URIs (Core.Tests/Client/NbdUriTests), what is served (NbdServingTests).

using System;
using System.IO;
using System.Linq;
using NbdFast.Plugins.Nbd;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class NbdParameterTests
{
    [Theory]
    [InlineData("", "exactly one of ‘socket’, ‘hostname’, ‘vsock’, ‘command’, ‘socket-fd’ and ‘uri’ parameters")]
    [InlineData("port=5", "exactly one of")]
    [InlineData("socket=/s hostname=h", "cannot mix Unix ‘socket’, TCP ‘hostname’/‘port’")]
    [InlineData("uri=nbd://h socket=/s", "cannot mix")]
    [InlineData("command=c vsock=2", "cannot mix")]
    [InlineData("socket=/s arg=a", "cannot mix")]
    [InlineData("socket-fd=5 uri=nbd://h", "cannot mix")]
    [InlineData("arg=a", "‘arg’ parameter should only be used with ‘command’")]
    [InlineData("command=", "command: no program is named")]
    [InlineData("socket=/s port=5", "‘port’ parameter should only be used with ‘hostname’ or ‘vsock’")]
    [InlineData("uri=nbd://h port=5", "‘port’ parameter should only be used with")]
    [InlineData("socket=", "cannot resolve a null or empty path")]
    [InlineData("hostname=", "‘hostname’ and ‘port’ must not be empty")]
    [InlineData("hostname=h port=65536", "a number up to 65535 was expected, not 65536")]
    [InlineData("vsock=x", "vsock: could not parse number: \"x\"")]
    [InlineData("vsock=2 port=ssh", "port: could not parse number: \"ssh\"")]
    [InlineData("vsock=2 port=4294967296", "Numerical result out of range")]
    [InlineData("socket-fd=x", "could not parse number: \"x\"")]
    [InlineData("socket-fd=-1", "a file descriptor cannot be negative")]
    [InlineData("uri=http://h", "unknown NBD URI scheme: http")]
    [InlineData("socket=/s retry=-1", "retry: negative numbers are not allowed")]
    [InlineData("socket=/s shared=perhaps", "could not decipher boolean (perhaps)")]
    [InlineData("socket=/s tls=perhaps", "could not decipher boolean (perhaps)")]
    [InlineData("socket=/s tls-verify=perhaps", "could not decipher boolean (perhaps)")]
    [InlineData("socket=/s connections=0", "a number from 1 to 64 was expected")]
    [InlineData("socket=/s connections=65", "a number from 1 to 64 was expected")]
    [InlineData("socket=/s export=x dynamic-export=1", "cannot mix 'dynamic-export' with explicit export name")]
    [InlineData("socket=/s shared=1 dynamic-export=1", "cannot use 'dynamic-export' with shared connection")]
    [InlineData("command=c dynamic-export=1", "cannot use 'dynamic-export' with shared connection")]
    [InlineData("socket-fd=5 shared=false", "shared=false is not possible")]
    [InlineData("uri=nbd://h/x export=y", "the URI names the export 'x', and export=y another one")]
    [InlineData("socket=/s tls-psk=/nonexistent", "/nonexistent: No such file or directory")]
    [InlineData("socket=/s tls-psk=/", "/: it is no file that can be read")]
    [InlineData("socket=/s tls-certificates=/nonexistent", "loading CA certificate (/nonexistent/ca-cert.pem)")]
    [InlineData("socket=/s nonsense=1", "unknown parameter 'nonsense'")]
    public void What_can_lead_to_nothing_is_refused_at_the_start(string parameters, string reason) =>
        Refused(parameters, reason);

    [Fact]
    public void A_path_that_no_socket_can_have_is_refused() =>
        Refused("socket=/" + new string('x', 107), "socket file name too large");

    [Fact]
    public void A_name_that_no_export_can_have_is_refused() =>
        Refused("socket=/s export=" + new string('x', 4097), "export name too long");

    [Fact]
    public void A_key_of_somebody_else_is_refused()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder.File("keys"), "alice:00ff\n");
        Refused(
            $"socket=/s tls-username=bob tls-psk={folder.File("keys")}", "there is no pre-shared key of user 'bob'");
    }

    [Theory]
    [InlineData("socket=/nonexistent", false)]
    [InlineData("socket=/nonexistent shared=true", true)]
    [InlineData("uri=nbd+unix:///?socket=/nonexistent shared=true", true)]
    [InlineData("hostname=127.0.0.1 port=1 shared=true", true)]
    public void A_server_that_is_not_there_ends_the_start_only_if_it_is_shared(string parameters, bool ends)
    {
        if (ends)
        {
            Refused(parameters, ": connect: ");
            return;
        }

        using ChainHarness chain = ChainHarness.Start(new NbdPlugin(), [], Split(parameters));
        Assert.Equal(Errno.ENOENT, chain.Connect(out _));
    }

    [Theory]
    [InlineData("command=/nonexistent", "command: /nonexistent: No such file or directory")]
    [InlineData("command=no-such-program-anywhere", "command: no-such-program-anywhere: No such file or directory")]
    [InlineData("command=/bin/true", "the server closed the connection instead of sending its greeting")]
    [InlineData("command=/bin/sh arg=-c arg=exit_7", "the server closed the connection instead of sending")]
    [InlineData("socket-fd=1000", "fd:1000: socket-fd: Bad file descriptor")]
    public void A_command_that_is_no_server_ends_the_start(string parameters, string reason) =>
        Refused(parameters, reason);

    [Fact]
    public void A_server_that_comes_later_is_waited_for()
    {
        using TempFolder folder = new();
        using ScriptedServer origin = new(talk =>
        {
            talk.Negotiate(ReplyMode.Simple, 512, NbdWire.HasFlags);
            talk.WaitForEnd();
        });
        string path = folder.File("later");
        System.Threading.Timer timer = new(_ => File.CreateSymbolicLink(path, origin.SocketPath), null, 200, -1);
        using ChainHarness chain = ChainHarness.Start(
            new NbdPlugin(), [], ("socket", path), ("retry", "30"), ("shared", "true"));
        Assert.Equal(Errno.Ok, chain.Connect(out _));
        timer.Dispose();
    }

    [Fact]
    public void A_bare_argument_is_the_uri() => Assert.Equal("uri", new NbdPlugin().Table.MagicKey);

    private static void Refused(string parameters, string reason) => Assert.Contains(
        reason,
        Assert.Throws<ConfigException>(() => ChainHarness.Start(new NbdPlugin(), [], Split(parameters)).Dispose())
            .Message,
        StringComparison.Ordinal);

    private static (string Key, string Value)[] Split(string parameters) =>
    [
        .. parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(one => one.Split('=', 2)).Select(parts => (parts[0], parts[1])),
    ];
}
