// Getting in to a real SSH server: host keys, keys, agent, password, configuration. Not: what is served then
// (SshDiskTests).

using System;
using System.IO;
using System.Text.RegularExpressions;
using NbdFast.Testing;

namespace NbdFast.Interop;

// The user nobody, who runs tests for root, may not log in anywhere.
[Trait("Needs", "root")]
public sealed partial class SshLoginTests(SharedSshServer shared) : IClassFixture<SharedSshServer>, IDisposable
{
    private readonly TempFolder _folder = new();
    private SshServer? _own;

    private SshServer Ssh => _own ?? shared.Server;

    public void Dispose()
    {
        _own?.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("known-hosts=NOWHERE identity=ID", "either the host key is unknown")]
    [InlineData("known-hosts=/dev/null identity=ID", "either the host key is unknown")]
    [InlineData("known-hosts=CHANGED identity=ID", "host key for server changed (the server's key is SHA256:")]
    [InlineData("known-hosts=OTHERTYPE identity=ID", "was not found but another type of key exists")]
    [InlineData("known-hosts=KNOWN identity=STRANGER", "all possible authentication methods failed")]
    [InlineData("known-hosts=KNOWN identity=LOCKED", "all possible authentication methods failed")]
    [InlineData("known-hosts=KNOWN identity=NOWHERE", "all possible authentication methods failed")]
    [InlineData("known-hosts=KNOWN password=wrong", "all possible authentication methods failed")]
    [InlineData("known-hosts=KNOWN identity=ID user=no-such-user", "all possible authentication methods failed")]
    public void Who_is_not_good_is_refused(string parameters, string gist)
    {
        CommandResult result = Open(parameters);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(gist, result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("known-hosts=KNOWN identity=ID")]
    [InlineData("known-hosts=KNOWN identity=STRANGER identity=ID")]
    [InlineData("known-hosts=KNOWN identity=ID identity=STRANGER password=wrong")]
    [InlineData("verify-remote-host=false identity=ID")]
    [InlineData("known-hosts=CHANGED verify-remote-host=0 identity=ID")]
    public void Who_is_good_gets_in(string parameters) => Assert.Equal("3145728", Open(parameters).Succeeded());

    [Fact]
    public void Keys_with_a_passphrase_are_the_agents()
    {
        Requires.Tools("ssh-agent", "nbdinfo");
        File.WriteAllText(_folder.File("ask"), "#!/bin/sh\necho locked\n");
        File.SetUnixFileMode(_folder.File("ask"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        string command = $"""
            eval "$(ssh-agent -s)" >/dev/null; trap 'ssh-agent -k >/dev/null' EXIT
            SSH_ASKPASS={_folder.File("ask")} SSH_ASKPASS_REQUIRE=force ssh-add -q {Ssh.Key("locked")}
            nbdfast -U - ssh {Ssh.Host} known-hosts={Ssh.Key("known")} {Ssh.Files}/disk --run 'nbdinfo --size $uri'
            """;
        Assert.Equal("3145728", ShellCommand.Run(command).Succeeded());
    }

    [Fact]
    public void A_configuration_file_says_where_and_the_command_line_comes_first()
    {
        Requires.Tools("nbdinfo");
        File.WriteAllText(_folder.File("config"), $"""
            Host there
                HostName 127.0.0.1
                Port {Ssh.Port}
                UserKnownHostsFile {Ssh.Key("known")}
                IdentityFile {Ssh.Key("id")}
            Host elsewhere
                HostName 127.0.0.1
                Port 1
                User no-such-user
                UserKnownHostsFile {Ssh.Key("changed")}
            """);
        string configured = $"nbdfast -U - ssh config={_folder.File("config")} {Ssh.Files}/disk";
        const string Probe = "--run 'nbdinfo --size $uri'";
        Assert.Equal("3145728", ShellCommand.Run($"{configured} host=there {Probe}").Succeeded());
        Assert.Equal("3145728", ShellCommand.Run(
            $"{configured} host=elsewhere port={Ssh.Port} user={Environment.UserName} known-hosts={Ssh.Key("known")} " +
            $"identity={Ssh.Key("id")} {Probe}").Succeeded());
        Assert.NotEqual(0, ShellCommand.Run($"{configured} host=elsewhere {Probe}").ExitCode);
    }

    [SkippableTheory]
    [InlineData("password=secret", true)]
    [InlineData("password=+FILE", true)]
    [InlineData("password=-7 7<FILE", true)]
    [InlineData("password=wrong", false)]
    [InlineData("identity=ID", true)]
    [InlineData("", false)]
    public void A_password_gets_in(string parameters, bool isGood)
    {
        Requires.Tools("nbdinfo");
        _own = new SshServer("head -c 3M /dev/urandom >disk", "PasswordAuthentication yes", hasPassword: true);
        File.WriteAllText(_folder.File("password"), "secret\n");
        string[] words = parameters.Replace("FILE", _folder.File("password"), StringComparison.Ordinal).Split(" 7<");
        CommandResult result = Open($"known-hosts=KNOWN {words[0]}", words.Length > 1 ? $"7<{words[1]}" : "");
        Assert.Equal(isGood, result.ExitCode == 0);
        if (!isGood)
            Assert.Contains("all possible authentication methods failed", result.Errors, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("publickey,password")]
    [InlineData("password,publickey")]
    public void A_key_and_a_password_together_get_in(string methods)
    {
        _own = new SshServer(
            "head -c 3M /dev/urandom >disk", $"AuthenticationMethods {methods}", hasPassword: true);
        Assert.Equal("3145728", Open("known-hosts=KNOWN identity=ID password=secret").Succeeded());
        Assert.NotEqual(0, Open("known-hosts=KNOWN identity=ID password=wrong").ExitCode);
        Assert.NotEqual(0, Open("known-hosts=KNOWN password=secret").ExitCode);
    }

    [Fact]
    public void A_path_may_be_relative_to_the_home_directory_there()
    {
        Requires.Tools("nbdinfo");
        string there = Path.GetRelativePath(Ssh.Files, "/") + "/nothing";
        Assert.Contains(
            "SFTP server: No such file",
            ShellCommand.Run($"nbdfast -U - ssh {Ssh.Parameters} {there} --run 'nbdinfo $uri'").Errors,
            StringComparison.Ordinal);
        string home = ShellCommand.Run("getent passwd $(id -u) | cut -d: -f6").Succeeded();
        string start = Directory.Exists(home) ? home : "/";
        string path = Path.GetRelativePath(start, $"{Ssh.Files}/disk");
        Assert.Equal(
            "3145728",
            ShellCommand.Run($"nbdfast -U - ssh {Ssh.Parameters} path={path} --run 'nbdinfo --size $uri'").Succeeded());
    }

    [Fact]
    public void What_libssh_does_is_told_under_v()
    {
        Requires.Tools("nbdinfo");
        CommandResult told = ShellCommand.Run(
            $"nbdfast -fv -D ssh.log=2 -U - ssh {Ssh.Parameters} {Ssh.Files}/disk --run 'nbdinfo $uri'");
        told.Succeeded();
        Assert.Contains("authentication methods offered by the server [0x", told.Errors, StringComparison.Ordinal);
        Assert.Contains("ssh[1]: debug: libssh: ", told.Errors, StringComparison.Ordinal);
        Assert.Contains(
            "libssh_version=0.", ShellCommand.Run("nbdfast ssh --dump-plugin").Succeeded(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("timeout=1")]
    public void A_host_that_says_nothing_does_not_keep_the_server_from_ending(string parameters)
    {
        Requires.Tools("nbdinfo");
        using System.Net.Sockets.TcpListener silent = new(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        int port = ((System.Net.IPEndPoint)silent.LocalEndpoint).Port;
        using ServerProcess server = ServerProcess.Start($"ssh host=127.0.0.1 port={port} config= /disk {parameters}");
        Assert.NotEqual(0, server.Try("nbdinfo $uri").ExitCode);
        server.HasSaid("failed to connect to remote host: 127.0.0.1: ");
    }

    private CommandResult Open(string parameters, string redirection = "")
    {
        Requires.Tools("nbdinfo");
        string filled = Names().Replace(
            parameters,
            match => match.Value == "NOWHERE" ? _folder.File("nothing") : Ssh.Key(match.Value.ToLowerInvariant()));
        return ShellCommand.Run(
            $"nbdfast -U - ssh {Ssh.Host} {filled} {Ssh.Files}/disk --run 'nbdinfo --size $uri' {redirection}");
    }

    [GeneratedRegex(@"\b(NOWHERE|KNOWN|CHANGED|OTHERTYPE|STRANGER|LOCKED|ID)\b")]
    private static partial Regex Names();
}
