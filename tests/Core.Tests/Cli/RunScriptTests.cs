// The script of --run, tried with the shell that will run it. Not: the server around it.

using System.Diagnostics;
using NbdFast.Cli;
using Xunit;

namespace NbdFast.Core.Tests.Cli;

public sealed class RunScriptTests
{
    private static readonly Endpoint Socket = new("nbd+unix://?socket=/tmp/it's $x", null, "/tmp/it's $x");
    private static readonly Endpoint Port = new("nbd://localhost:1234", 1234, null);

    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("it's")]
    [InlineData("'")]
    [InlineData("a b\tc")]
    [InlineData("$HOME `id` $(id) \\ \" ! * ? ~ # & ; |")]
    [InlineData("two\nlines")]
    [InlineData("-n")]
    public void A_quoted_word_comes_out_of_the_shell_as_it_went_in(string text)
    {
        Assert.Equal(text, Shell($"printf %s {ShellWord.Quote(text)}"));
        Assert.Equal(text, Shell($"printf %s {ShellWord.DoubleQuote(text)}"));
    }

    [Fact]
    public void A_Unix_socket_is_told_in_variables() => Assert.Equal(
        "nbd+unix://?socket=/tmp/it's $x|nbd+unix://?socket=/tmp/it's $x||/tmp/it's $x|ex'port",
        Shell(Script(Socket, "ex'port", [], "printf %s \"$uri|$nbd|$port|$unixsocket|$exportname\"")));

    [Fact]
    public void A_TCP_port_is_told_in_variables() => Assert.Equal(
        "nbd://localhost:1234|1234||",
        Shell(Script(Port, "", [], "printf %s \"$uri|$port|$unixsocket|$exportname\"")));

    [Fact]
    public void The_variables_are_not_exported() => Assert.Equal(
        "", Shell(Script(Socket, "x", [], "env | grep -E '^(uri|nbd|exportname|unixsocket)=' || :")));

    [Fact]
    public void There_is_no_TLS_even_if_the_environment_says_so() => Assert.Equal(
        "none", Shell(Script(Socket, "", [], "printf %s \"${tls-none}\""), ("tls", "2")));

    [Fact]
    public void The_exit_code_is_that_of_the_command()
    {
        using Process shell = Start(Script(Socket, "", [], "exit 7"));
        shell.WaitForExit();
        Assert.Equal(7, shell.ExitCode);
    }

    [Fact]
    public void The_signals_that_were_ignored_stay_ignored() => Assert.Equal(
        "still here", Shell(Script(Socket, "", [2, 3], "kill -INT $$; kill -QUIT $$; printf 'still here'")));

    [Fact]
    public void Files_of_keys_are_told_as_they_were_given() => Assert.Equal(
        "a'b|c",
        Shell(RunScript.Write(
            Socket,
            [],
            new Options
            {
                Run = "printf %s \"$tls_certificates|$tls_psk\"",
                TlsCertificates = "a'b",
                TlsPsk = "c",
            })));

    [Theory]
    [InlineData(TlsChoice.Off, "none")]
    [InlineData(TlsChoice.On, "1")]
    [InlineData(TlsChoice.Require, "2")]
    public void What_came_of_TLS_is_told(object choice, string told)
    {
        Options options = new() { Run = "printf %s \"${tls-none}\"" };
        Assert.Equal(told, Shell(RunScript.Write(Socket, [], options, (TlsChoice)choice)));
    }

    private static string Script(Endpoint endpoint, string exportName, int[] ignored, string command) =>
        RunScript.Write(endpoint, ignored, new Options { ExportName = exportName, Run = command });

    private static string Shell(string script, params (string Name, string Value)[] environment)
    {
        using Process shell = Start(script, environment);
        string output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return output;
    }

    private static Process Start(string script, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, ArgumentList = { "-c", script } };
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
