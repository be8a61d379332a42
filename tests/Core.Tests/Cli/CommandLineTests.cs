// What command lines mean, and which are refused, as nbdkit 1.32.5 was seen to do it and its manual says. Not: how
// options are spelt.

using System;
using System.IO;
using NbdFast.Cli;
using Xunit;

namespace NbdFast.Core.Tests.Cli;

public sealed class CommandLineTests
{
    [Fact]
    public void A_plugin_alone_is_served_in_the_background_on_the_default_port()
    {
        Options options = Parse("null");
        Assert.Equal(Errand.Serve, options.Errand);
        Assert.Equal("null", options.Plugin);
        Assert.True(options.InBackground);
        Assert.Null(options.Port);
        Assert.Null(options.UnixSocket);
        Assert.Null(options.Threads);
        Assert.Equal(uint.MaxValue, options.HandshakeMask);
        Assert.Equal(LogChoice.Default, options.Log);
        Assert.Equal("", options.ExportName);
    }

    [Fact]
    public void Plugin_parameters_and_filters_keep_their_order()
    {
        Options options = Parse("--filter=cow memory --filter offset 1M -f offset=1");
        Assert.Equal(["cow", "offset"], options.Filters);
        Assert.Equal("memory", options.Plugin);
        Assert.Equal(["1M", "offset=1"], options.Parameters);
        Assert.False(options.InBackground);
    }

    [Theory]
    [InlineData("-f null")]
    [InlineData("--no-fork null")]
    [InlineData("--exit-with-parent null")]
    [InlineData("-s null")]
    [InlineData("--single null")]
    [InlineData("null --stdin")]
    [InlineData("null --run true")]
    [InlineData("null --run true -p 0")]
    public void The_foreground_can_be_asked_for_and_comes_with_other_options(string line) =>
        Assert.False(Parse(line).InBackground);

    [Theory]
    [InlineData("null --run true", "-", null)]
    [InlineData("null --run true -p 0", null, "0")]
    [InlineData("null --run true -U /x", "/x", null)]
    [InlineData("null --run true -i ::1", "-", null)]
    [InlineData("null -U -", "-", null)]
    [InlineData("null -U a -U /b", "/b", null)]
    [InlineData("null -p 1 -p 2", null, "2")]
    [InlineData("null -p 1 -U -", "-", "1")]
    [InlineData("null -p 1 -U /x --run true", "/x", "1")]
    [InlineData("null --vsock --run true", null, null)]
    public void Run_implies_a_private_socket_unless_a_place_is_named(string line, string? socket, string? port)
    {
        Options options = Parse(line);
        Assert.Equal(socket, options.UnixSocket);
        Assert.Equal(port, options.Port);
    }

    [Fact]
    public void Relative_paths_start_from_the_directory_of_the_caller()
    {
        Options options = Parse("null -U a/s -P p");
        Assert.Equal(Path.Join(Directory.GetCurrentDirectory(), "a/s"), options.UnixSocket);
        Assert.Equal(Path.Join(Directory.GetCurrentDirectory(), "p"), options.PidFile);
    }

    [Theory]
    [InlineData("-4 -6", "IPv6")]
    [InlineData("-6 -4", "IPv4")]
    [InlineData("", "Any")]
    public void Of_the_address_families_the_last_counts(string line, string family) =>
        Assert.Equal(family, Parse(line + " null").Family.ToString());

    [Theory]
    [InlineData("-o -n", false)]
    [InlineData("-n -o", true)]
    [InlineData("-o -e x", true)]
    public void Of_the_protocol_styles_the_last_counts(string line, bool oldstyle) =>
        Assert.Equal(oldstyle, Parse(line + " null").Oldstyle);

    [Theory]
    [InlineData("-t 1", 1)]
    [InlineData("-t 0", null)]
    [InlineData("-t 0x10", 16)]
    [InlineData("--threads=65536", 65536)]
    [InlineData("-t 4294967295", 65536)]
    public void Threads_are_counted(string line, int? threads) => Assert.Equal(threads, Parse(line + " null").Threads);

    [Theory]
    [InlineData("--timeout=1", 1000)]
    [InlineData("--timeout=250ms", 250)]
    [InlineData("--timeout=0", null)]
    public void The_handshake_may_have_an_end(string line, int? milliseconds) =>
        Assert.Equal(milliseconds, Parse(line + " null").HandshakeTimeout?.TotalMilliseconds);

    [Theory]
    [InlineData("--log=stderr", "Stderr", "")]
    [InlineData("--log=syslog", "Syslog", "")]
    [InlineData("--log=null", "Null", "")]
    [InlineData("--log=/var/log/x", "File", "/var/log/x")]
    [InlineData("--log=/var/log/x --log=default", "Default", "")]
    public void Messages_go_where_log_says(string line, string choice, string file)
    {
        Options options = Parse(line + " null");
        Assert.Equal(choice, options.Log.ToString());
        Assert.Equal(file, options.LogFile);
    }

    [Fact]
    public void The_other_options_are_kept()
    {
        Options options = Parse(
            "-r -v -e x --no-sr --no-mc --mask-handshake=3 --keepalive --name=n --print-uri -D nbdkit.a.b=-1 "
            + "--tls=off --tls-certificates=c --tls-psk=k --tls-priority=P --tls-verify-peer -u u -g g "
            + "--selinux-label=l --exit-with-parent n");
        Assert.True(options is
        {
            User: "u", Group: "g", SelinuxLabel: "l", ExitWithParent: true, Tls: TlsChoice.Off, TlsCertificates: "c",
            TlsPsk: "k", TlsPriority: "P", TlsVerifyPeer: true,
            ReadOnly: true, Verbose: true, ExportName: "x", NoStructuredReplies: true, NoMetaContexts: true,
            HandshakeMask: 3, Keepalive: true, Name: "n", PrintUri: true,
        });
        Assert.Equal([new DebugFlag("nbdkit", "a.b", -1)], options.DebugFlags);
    }

    [Theory]
    [InlineData("--help", "Help")]
    [InlineData("--version --help null", "Help")]
    [InlineData("null --help --version", "Help")]
    [InlineData("-V null --dump-plugin", "Version")]
    [InlineData("--dump-plugin --version", "Version")]
    [InlineData("null --dump-plugin --run true", "DumpPlugin")]
    [InlineData("--dump-config --badopt", "DumpConfig")]
    [InlineData("--short-options --badopt", "ShortOptions")]
    [InlineData("--long-options null", "LongOptions")]
    [InlineData("-p 10 -U - --version", "Version")]
    [InlineData("-fVv", "Version")]
    public void Questions_come_before_serving(string line, string errand) =>
        Assert.Equal(errand, Parse(line).Errand.ToString());

    [Theory]
    [InlineData("", "no plugins given on the command line")]
    [InlineData("--filter=cow", "no plugins given on the command line")]
    [InlineData("--dump-plugin", "plugin --dump-plugin' to find out about a plugin")]
    [InlineData("--version --badopt", "unrecognized option")]
    [InlineData("--log=foo null", "--log must be \"stderr\", \"syslog\", \"null\"")]
    [InlineData("--log= null", "--log must be")]
    [InlineData("--log=x/y null", "--log must be")]
    [InlineData("-D null null", "-D (Debug Flag) must have the format NAME.FLAG=N")]
    [InlineData("-D null.foo null", "-D (Debug Flag) must have the format NAME.FLAG=N")]
    [InlineData("-D .foo=1 null", "-D (Debug Flag) must have the format NAME.FLAG=N")]
    [InlineData("-D null.=1 null", "-D (Debug Flag) must have the format NAME.FLAG=N")]
    [InlineData("-D a=1 null", "-D (Debug Flag) must have the format NAME.FLAG=N")]
    [InlineData("-D a=1.b null", "-D (Debug Flag) must have the format NAME.FLAG=N")]
    [InlineData("-D null.foo=x null", "-D (Debug Flag) must have the format NAME.FLAG=N")]
    [InlineData("-D null.foo=1x null", "-D (Debug Flag) must have the format NAME.FLAG=N")]
    [InlineData("-D null.foo=99999999999 null", "-D (Debug Flag) must have the format NAME.FLAG=N")]
    public void A_line_that_makes_no_sense_is_refused(string line, string message) =>
        Assert.Contains(message, Assert.Throws<UsageException>(() => Parse(line)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("-t abc", "threads: ")]
    [InlineData("-t -1", "threads: negative numbers are not allowed")]
    [InlineData("-t 1k", "threads: could not parse number: \"1k\": trailing garbage")]
    [InlineData("-t 99999999999", "threads: could not parse number: \"99999999999\": Numerical result out of range")]
    [InlineData("-t abc --version", "threads: ")]
    [InlineData("-t abc --badopt", "threads: ")]
    [InlineData("--mask-handshake=abc", "mask-handshake: ")]
    [InlineData("--mask-handshake=-1", "mask-handshake: negative numbers are not allowed")]
    [InlineData("--timeout=x", "timeout: ")]
    [InlineData("--timeout=-1", "timeout: negative numbers are not allowed")]
    [InlineData("--tls=foo", "could not decipher boolean (foo)")]
    public void The_value_of_an_option_is_checked(string line, string message) => Assert.StartsWith(
        message, Assert.Throws<ConfigException>(() => Parse(line + " null")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("-U")]
    [InlineData("-P")]
    public void An_empty_path_is_no_path(string option)
    {
        ConfigException e = Assert.Throws<ConfigException>(() => CommandLine.Parse([option, "", "null"]));
        Assert.Equal("cannot convert null or empty path to an absolute path", e.Message);
    }

    [Fact]
    public void A_socket_path_may_have_107_bytes()
    {
        string longest = "/" + new string('x', 106);
        Assert.Equal(longest, CommandLine.Parse(["-U", longest, "null"]).UnixSocket);
        // The limit counts bytes, not letters.
        UsageException e = Assert.Throws<UsageException>(
            () => CommandLine.Parse(["-U", "/" + new string('x', 105) + "ä", "null"]));
        Assert.Equal("-U: path too long: length 108 > max 107 bytes", e.Message);
    }

    [Fact]
    public void An_empty_value_is_a_value() =>
        Assert.Equal(("", ""), (CommandLine.Parse(["-p", "", "null"]).Port, CommandLine.Parse(["--name=", "x"]).Name));

    private static Options Parse(string line) =>
        CommandLine.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
