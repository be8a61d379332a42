// Options that exclude each other. Not: options that are wrong by themselves (CommandLineTests).

using System;
using NbdFast.Cli;
using Xunit;

namespace NbdFast.Core.Tests.Cli;

public sealed class ClashTests
{
    [Theory]
    [InlineData("-s -p 1 null", "-s and -p options cannot be used in this combination")]
    [InlineData("-U x -s null", "-s and -U options cannot be used in this combination")]
    [InlineData("-s --run true null", "-s and --run options cannot be used in this combination")]
    [InlineData("-s --vsock null", "-s and --vsock options cannot be used in this combination")]
    [InlineData("-s --dump-plugin null", "-s and --dump-plugin options cannot be used in this combination")]
    [InlineData("-s --print-uri null", "-s and --print-uri options cannot be used in this combination")]
    [InlineData("--vsock -U x null", "--vsock and -U options cannot be used in this combination")]
    [InlineData("-s -p 1 null --version", "-s and -p options cannot be used in this combination")]
    [InlineData("-o --tls=require null", "cannot use oldstyle protocol (-o) and require TLS")]
    public void Options_that_exclude_each_other_are_refused(string line, string message) =>
        Assert.Equal(message, Assert.Throws<UsageException>(() => Parse(line)).Message);

    [Theory]
    [InlineData("-p 1 null", "-p")]
    [InlineData("-U - null", "-U")]
    [InlineData("-i ::1 null", "-i")]
    [InlineData("-s null", "-s")]
    [InlineData("--run true null", "--run")]
    public void What_comes_with_its_sockets_takes_no_others(string line, string option)
    {
        Options options = Parse(line);
        UsageException e = Assert.Throws<UsageException>(() => CommandLine.CheckActivation(options));
        Assert.Equal($"cannot use socket activation with {option} flag", e.Message);
    }

    [Fact]
    public void What_comes_with_its_sockets_stays_in_the_foreground()
    {
        Options options = Parse("null -4 -P pid");
        CommandLine.CheckActivation(options);
        options.ActivationSockets = [3];
        Assert.False(options.InBackground);
    }

    private static Options Parse(string line) =>
        CommandLine.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
