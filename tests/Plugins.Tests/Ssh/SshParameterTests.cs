// The parameters of the ssh plugin that are refused at the start. Not: connecting (Interop/SshDiskTests).

using System;
using NbdFast.Plugins.Ssh;
using NbdFast.Testing;

namespace NbdFast.Plugins.Tests;

public sealed class SshParameterTests
{
    [Theory]
    [InlineData("port", "0", "port: a number from 1 to 65535 was expected, not 0")]
    [InlineData("port", "65536", "port: a number from 1 to 65535 was expected, not 65536")]
    [InlineData("port", "", "port: ''")]
    [InlineData("port", "no-such-service", "port: 'no-such-service'")]
    [InlineData("user", "", "user: the name is empty")]
    [InlineData("path", "", "path: the path is empty")]
    [InlineData("timeout", "-1", "negative numbers are not allowed")]
    [InlineData("timeout", "2147484", "timeout is too large")]
    [InlineData("compression", "maybe", "could not decipher boolean (maybe)")]
    [InlineData("verify-remote-host", "", "could not decipher boolean ()")]
    [InlineData("create", "true", "you must specify the size of the new remote file using create-size=SIZE")]
    [InlineData("create-mode", "01000", "create-mode must be <= 0777")]
    [InlineData("create-mode", "644", "create-mode must be <= 0777")]
    [InlineData("create-mode", "0888", "create-mode")]
    [InlineData("create-size", "-1", "size cannot be negative (-1)")]
    [InlineData("config", "relative", "config: an absolute path was expected, not 'relative'")]
    [InlineData("known-hosts", "relative", "known-hosts: an absolute path was expected, not 'relative'")]
    [InlineData("identity", "", "identity: an absolute path was expected, not ''")]
    [InlineData("password", "+/nonexistent", "open /nonexistent: No such file or directory")]
    public void A_bad_value_is_refused(string key, string value, string gist) => Assert.Contains(
        gist,
        Assert.Throws<ConfigException>(() => Start(("host", "h"), ("path", "p"), (key, value))).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("host", "path")]
    [InlineData("path", "host")]
    public void Host_and_path_must_be_given(string given, string missing) => Assert.Contains(
        $"you must specify {missing}=", Assert.Throws<ConfigException>(() => Start((given, "x"))).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("port", "ssh")]
    [InlineData("port", "2222")]
    [InlineData("create-mode", "0777")]
    [InlineData("config", "")]
    [InlineData("identity", "%d/key")]
    [InlineData("known-hosts", "~/known")]
    [InlineData("timeout", "0")]
    public void A_good_value_is_taken(string key, string value) =>
        Start(("host", "h"), ("path", "p"), (key, value));

    [Fact]
    public void The_name_of_a_service_is_its_port()
    {
        using SshPlugin plugin = new();
        using ChainHarness chain = ChainHarness.Start(plugin, [], ("host", "h"), ("path", "p"), ("port", "ssh"));
        Assert.Equal(22U, plugin.PortNumber);
    }

    private static void Start(params (string Key, string Value)[] parameters)
    {
        using ChainHarness chain = ChainHarness.Start(new SshPlugin(), [], parameters);
    }
}
